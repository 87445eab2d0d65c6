//! The sensitive values of events, which a client in memory names with its request. Over HTTP they are not known.

use serde_json::Value;

/// The text that replaces a sensitive value.
pub(crate) const REDACTED: &str = "[redacted]";

/// For each event of a request, JSON pointers from its payload to its sensitive values.
#[derive(Debug, Clone, Default)]
pub(crate) struct SensitivePaths(Vec<Vec<String>>);

impl SensitivePaths {
    pub(crate) fn of(request: &teleflow::Request) -> Self {
        let has_any = request.sensitive_paths().any(|paths| !paths.is_empty());
        Self(if has_any { request.sensitive_paths().map(<[String]>::to_vec).collect() } else { Vec::new() })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of the event at this position.
    pub(crate) fn of_event(&self, position: usize) -> &[String] {
        self.0.get(position).map_or(&[], Vec::as_slice)
    }
}

/// The event with each sensitive value of its payload replaced.
pub(crate) fn redacted<S: AsRef<str>>(event: &Value, paths: &[S]) -> Value {
    let mut event = event.clone();
    for path in paths {
        if let Some(value) = event.pointer_mut(&pointer(path.as_ref())) {
            *value = Value::from(REDACTED);
        }
    }
    event
}

/// The sensitive value at this path, if the payload has it.
pub(crate) fn at<'e>(event: &'e Value, path: &str) -> Option<&'e Value> {
    event.pointer(&pointer(path))
}

fn pointer(path: &str) -> String {
    format!("/payload{path}")
}
