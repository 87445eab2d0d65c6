//! JSON of the server → a value.

use serde_json::Value;
use teleflow_http::node::Node;

/// The deepest nesting that is kept. serde_json reads 127 levels, and a workflow file needs some for itself.
pub(crate) const DEEPEST: usize = 100;

/// Returns the value, or `None` for what is not JSON, and whether deeply nested parts of it were replaced with `null`.
pub(crate) fn read(text: &str) -> (Option<Value>, bool) {
    if let Ok(value) = serde_json::from_str(text) {
        return (Some(value), false);
    }
    // serde_json rejects deep nesting, unpaired surrogates and numbers beyond `f64`.
    match Node::parse(text) {
        Ok(node) => {
            let (value, is_cut) = node.to_value(DEEPEST);
            (Some(value), is_cut)
        }
        Err(_) => (None, false),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn what_serde_json_rejects_is_read_as_far_as_possible() {
        assert_eq!(read(r#"{"a":1}"#), (Some(json!({ "a": 1 })), false));
        assert_eq!(read(r#"["\ud800"]"#), (Some(json!(["\u{fffd}"])), false));
        assert!(read(&format!("{}{}", "[".repeat(130), "]".repeat(130))).1);
        for text in ["", "<html>", "[\"", &"[".repeat(100_000)] {
            assert_eq!(read(text), (None, false));
        }
    }
}
