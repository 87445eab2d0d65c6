//! Reads the messages of error responses, and of the results of events that a bulk refused.
//!
//! Each version of the server puts them elsewhere. They are next to the refused `value`, which is never kept.

use crate::node::{Fields, Node};

/// The largest number of messages that is kept.
const MOST: usize = 20;
/// The depth to which messages are searched.
const DEEPEST: u8 = 6;
/// The fields of an object that contain messages. `constraints` is an object with a message for each rule.
// Source: NestJS's exceptions, class-validator's `ValidationError`, and the newest server's `ErrorDto`.
const MESSAGE_FIELDS: [&str; 5] = ["message", "messages", "error", "errors", "constraints"];

/// Returns the messages of an error response, neither escaped nor shortened.
///
/// `message` is a string, an array of strings, an object (replayed errors of Novu of Oct 2024), a number or
/// null. Newer servers add `errors`: an object with a field for each error, or an array of objects with
/// `field` and `message`.
#[must_use]
pub fn of_refusal(body: Node<'_>) -> Vec<String> {
    let mut messages = Messages::default();
    if let Some(fields) = body.fields() {
        messages.collect_field(&fields, "message");
        // As a string, `error` is the reason phrase of HTTP.
        if fields.text("error").is_none() {
            messages.collect_field(&fields, "error");
        }
        messages.collect_errors(&fields);
    } else {
        messages.add(body.text());
    }
    messages.0
}

/// Returns the messages of a result with the status `error`. Its `error` is an array of strings, and in some versions a string.
#[must_use]
pub fn of_result(result: &Fields<'_>) -> Vec<String> {
    let mut messages = Messages::default();
    messages.collect_field(result, "error");
    messages.collect_field(result, "message");
    messages.collect_errors(result);
    messages.0
}

#[derive(Default)]
struct Messages(Vec<String>);

impl Messages {
    fn add(&mut self, text: Option<impl Into<String> + AsRef<str>>) {
        if let Some(text) = text
            && !text.as_ref().trim().is_empty()
            && self.0.len() < MOST
        {
            self.0.push(text.into());
        }
    }

    fn collect_field(&mut self, fields: &Fields<'_>, name: &str) {
        let Some(value) = fields.get(name) else { return };
        self.add(value.scalar());
        self.collect(value, DEEPEST);
    }

    /// Adds the strings in `value`, whatever its shape.
    fn collect(&mut self, value: Node<'_>, depth: u8) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.0.len() < MOST) else { return };
        if let Some(text) = value.text() {
            self.add(Some(text));
        } else if let Some(elements) = value.elements() {
            elements.into_iter().take(MOST).for_each(|element| self.collect(element, depth));
        } else if let Some(fields) = value.fields() {
            for name in MESSAGE_FIELDS {
                let Some(inner) = fields.get(name) else { continue };
                match inner.fields().filter(|_| name == "constraints") {
                    Some(rules) => rules.iter().for_each(|(_, rule)| self.add(rule.text())),
                    None => self.collect(inner, depth),
                }
            }
        }
    }

    /// Adds each message of `errors`, after the name of its field.
    fn collect_errors(&mut self, body: &Fields<'_>) {
        let Some(errors) = body.get("errors") else { return };
        if let Some(fields) = errors.fields() {
            for (field, error) in fields.iter().take(MOST) {
                self.collect_of_field(if field == "general" { "" } else { field }, error);
            }
        } else if let Some(elements) = errors.elements() {
            for error in elements.into_iter().take(MOST) {
                let field = error.fields().and_then(|fields| fields.text("field")).unwrap_or_default();
                self.collect_of_field(&field, error);
            }
        } else {
            self.add(errors.text());
        }
    }

    fn collect_of_field(&mut self, field: &str, error: Node<'_>) {
        let mut of_field = Self::default();
        of_field.collect(error, DEEPEST);
        for text in of_field.0 {
            self.add(Some(if field.is_empty() { text } else { format!("{field}: {text}") }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{of_refusal, of_result};
    use crate::node::Node;

    #[test]
    fn messages_have_several_shapes() {
        for (body, expected) in [
            (r#"{"message":"a","error":"Bad Request"}"#, vec!["a"]),
            (r#"{"message":["a","b",5,""]}"#, vec!["a", "b"]),
            (r#"{"message":{"message":"a","value":"secret"}}"#, vec!["a"]),
            (r#"{"message":5}"#, vec!["5"]),
            (r#"{"message":null}"#, vec![]),
            (r#"{"errors":{"general":{"messages":["a"]},"to":{"messages":["b"]}}}"#, vec!["a", "to: b"]),
            (r#"{"errors":[{"field":"to","message":"a"}]}"#, vec!["to: a"]),
            (r#"{"message":[{"constraints":{"isString":"a"}}]}"#, vec!["a"]),
            (r#""a""#, vec!["a"]),
            ("[]", vec![]),
        ] {
            assert_eq!(of_refusal(Node::parse(body).unwrap()), expected, "{body}");
        }
        let result = Node::parse(r#"{"status":"error","error":["a"]}"#).unwrap();
        assert_eq!(of_result(&result.fields().unwrap()), ["a"]);
    }
}
