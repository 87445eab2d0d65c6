//! The texts in the body of an error, or in a bulk's result of an event that was refused.
//!
//! Each version of the server has its own place for them. Next to them is the refused `value`, which is never kept.

use super::node::{Fields, Node};

/// The largest number of texts that is kept.
const MOST: usize = 20;
/// Texts are looked for no deeper than this.
const DEEPEST: u8 = 6;
/// The fields of an object that hold texts. `constraints` is an object with a text for each rule.
// Source: NestJS's exceptions, class-validator's `ValidationError`, and the newest server's `ErrorDto`.
const TEXT_FIELDS: [&str; 5] = ["message", "messages", "error", "errors", "constraints"];

/// The messages of an error body.
///
/// `message` is a string, an array of strings, an object (replayed errors of Novu of Oct 2024), a number or
/// null. Newer servers add `errors`: an object with a field for each complaint, or an array of objects with
/// `field` and `message`.
pub(super) fn of_refusal(body: Node<'_>) -> Vec<String> {
    let mut texts = Texts::default();
    if let Some(fields) = body.fields() {
        texts.collect_field(&fields, "message");
        // As a string, `error` is the reason phrase of HTTP.
        if fields.text("error").is_none() {
            texts.collect_field(&fields, "error");
        }
        texts.collect_errors(&fields);
    } else {
        texts.add(body.text());
    }
    texts.0
}

/// The messages of a result with the status `error`. Its `error` is an array of strings, and in some versions a string.
pub(super) fn of_result(result: &Fields<'_>) -> Vec<String> {
    let mut texts = Texts::default();
    texts.collect_field(result, "error");
    texts.collect_field(result, "message");
    texts.collect_errors(result);
    texts.0
}

#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
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

    /// The strings in `value`, whatever its form.
    fn collect(&mut self, value: Node<'_>, depth: u8) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.0.len() < MOST) else { return };
        if let Some(text) = value.text() {
            self.add(Some(text));
        } else if let Some(elements) = value.elements() {
            elements.into_iter().take(MOST).for_each(|element| self.collect(element, depth));
        } else if let Some(fields) = value.fields() {
            for name in TEXT_FIELDS {
                let Some(inner) = fields.get(name) else { continue };
                match inner.fields().filter(|_| name == "constraints") {
                    Some(rules) => rules.iter().for_each(|(_, rule)| self.add(rule.text())),
                    None => self.collect(inner, depth),
                }
            }
        }
    }

    /// Each text of `errors`, after the name of the field that it is about.
    fn collect_errors(&mut self, body: &Fields<'_>) {
        let Some(errors) = body.get("errors") else { return };
        if let Some(fields) = errors.fields() {
            for (field, error) in fields.iter().take(MOST) {
                self.collect_about(if field == "general" { "" } else { field }, error);
            }
        } else if let Some(elements) = errors.elements() {
            for error in elements.into_iter().take(MOST) {
                let field = error.fields().and_then(|fields| fields.text("field")).unwrap_or_default();
                self.collect_about(&field, error);
            }
        } else {
            self.add(errors.text());
        }
    }

    fn collect_about(&mut self, field: &str, error: Node<'_>) {
        let mut of_field = Self::default();
        of_field.collect(error, DEEPEST);
        for text in of_field.0 {
            self.add(Some(if field.is_empty() { text } else { format!("{field}: {text}") }));
        }
    }
}
