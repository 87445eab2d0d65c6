//! A request as a shell command.

use std::borrow::Cow;

use teleflow_http::{api_key, base_url};

use super::{Request, body};
use crate::json::redact;

impl Request {
    /// Returns a command of a POSIX shell that sends the request with `curl`: for a report, or to try it by hand.
    ///
    /// The API key is `$TELEFLOW_API_KEY`, which the shell replaces. The base URL is `$TELEFLOW_API_URL`, with or without `/v1`
    /// and a slash at its end, or else the cloud. All other text is quoted, so the shell interprets none of it.
    ///
    /// **It contains the payload and the recipients.** Sensitive values of the payload are `"[redacted]"`, which the server would
    /// accept as a text: see [`sensitive_paths`](Self::sensitive_paths). The command sends the request under its own idempotency
    /// key and transaction ids: if it was sent before, the server may drop it as a duplicate. No guard of a client applies to
    /// it. A shell may refuse a body of more than 128 KiB.
    ///
    /// ```
    /// use teleflow::Event;
    ///
    /// let request = Event::untyped("welcome", serde_json::json!({"name": "O'Neil"})).to("ada").into_request()?;
    /// let command = request.to_curl();
    /// assert!(command.contains(r#""Authorization: ApiKey $TELEFLOW_API_KEY""#));
    /// assert!(command.contains(r#"{"name":"O'\''Neil"}"#));
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    #[must_use]
    pub fn to_curl(&self) -> String {
        let (key_variable, url_variable) = (api_key::VARIABLE, base_url::VARIABLE);
        let mut command = format!(
            "url=${{{url_variable}:-{}}}; url=${{url%/}}; curl -X {} \"${{url%/v1}}\"{} \\\n  -H \"Authorization: ApiKey ${key_variable}\"",
            base_url::DEFAULT,
            self.method(),
            quoted(self.path()),
        );
        let key = self.idempotency_key().map(|key| format!("Idempotency-Key: {key}"));
        let content_type = key.is_some().then(|| String::from("Content-Type: application/json"));
        for header in content_type.into_iter().chain(key) {
            command.push_str(" \\\n  -H ");
            command.push_str(&quoted(&header));
        }
        if !self.body().is_empty() {
            command.push_str(" \\\n  --data-raw ");
            command.push_str(&quoted(&escaped(&self.redacted_body())));
        }
        command
    }

    /// The body without its sensitive values.
    fn redacted_body(&self) -> Cow<'_, str> {
        if self.events.iter().all(|event| event.sensitive.is_empty()) {
            return String::from_utf8_lossy(&self.body);
        }
        let redacted = || {
            let mut bodies = self.event_bodies().ok()?;
            for (body, event) in bodies.iter_mut().zip(&self.events) {
                let payload = redact(&body.payload, &event.sensitive).ok()?.into_owned();
                body.payload = Cow::Owned(payload);
            }
            String::from_utf8(body::write(self.endpoint, bodies).ok()?).ok()
        };
        Cow::Owned(redacted().unwrap_or_else(|| String::from("[redacted]")))
    }
}

/// Quotes a text for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Escapes the characters with which JSON could change how a terminal shows the command.
fn escaped(json: &str) -> Cow<'_, str> {
    let is_special = |c: char| matches!(c, '\u{7f}'..='\u{9f}') || is_invisible(c);
    if !json.contains(is_special) {
        return Cow::Borrowed(json);
    }
    let escape = |c: char| if is_special(c) { format!("\\u{:04x}", u32::from(c)) } else { c.into() };
    Cow::Owned(json.chars().map(escape).collect())
}

/// Marks that change the direction of the text, or break a line.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
