//! Finds the texts of a message template that the server renders.

use serde_json::Value;
use teleflow_catalog::server_facts::EMAIL_VARIABLES;

/// A text that the server renders.
pub(super) struct TemplateText<'a> {
    /// "subject", "content", "text of button 2".
    pub(super) label: String,
    pub(super) source: &'a str,
    /// Variables of the payload that the server's own variables hide in this text.
    pub(super) shadowed: &'static [&'static str],
}

/// All texts of a message template.
// Source: send-message-email.usecase.ts, compile-email-template.usecase.ts, compile-in-app-template.usecase.ts.
pub(super) fn texts<'a>(template: &'a Value) -> Vec<TemplateText<'a>> {
    let is_email = template.get("type").and_then(Value::as_str) == Some("email");
    let head: &[&str] = if is_email { &["blocks"] } else { &[] };
    let content: &[&str] = if is_email { &EMAIL_VARIABLES } else { &[] };
    let mut texts = Vec::new();
    let mut add = |label: &str, number: Option<usize>, source: Option<&'a Value>, shadowed| {
        let label = number.map_or_else(|| label.to_owned(), |number| format!("{label} {}", number + 1));
        if let Some(source) = source.and_then(Value::as_str) {
            texts.push(TemplateText { label, source, shadowed });
        }
    };
    for (key, label) in
        [("subject", "subject"), ("title", "title"), ("preheader", "preheader"), ("senderName", "sender name")]
    {
        add(label, None, template.get(key), head);
    }
    match template.get("content") {
        Some(Value::Array(blocks)) => {
            for (number, block) in blocks.iter().enumerate() {
                // The server renders them before it sets the subject.
                add("text of block", Some(number), block.get("content"), head);
                add("link of block", Some(number), block.get("url"), head);
            }
        }
        source => add("content", None, source, content),
    }
    add("link", None, template.pointer("/cta/data/url"), &[]);
    let buttons = template.pointer("/cta/action/buttons").and_then(Value::as_array);
    for (number, button) in buttons.into_iter().flatten().enumerate() {
        add("text of button", Some(number), button.get("content"), &[]);
    }
    texts
}
