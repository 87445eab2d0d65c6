//! One line for each event, as failures and transcripts show it.

use serde_json::Value;

use super::escape;
use crate::request_log::{EventResult, LoggedEvent};
use crate::worker::message::Message;
use crate::worker::step_record::StepRecord;

/// The longest text of a value in a line, in characters.
const LONGEST: usize = 300;

/// The most events that a failure lists.
const MOST_EVENTS: usize = 50;

/// The last events, each with its number and its result: `2. welcome to "ada": {…} (refused: workflow_not_found)`.
pub(super) fn numbered(events: &[LoggedEvent]) -> String {
    let earlier = events.len().saturating_sub(MOST_EVENTS);
    let mut text = match earlier {
        0 => String::new(),
        _ => format!("  … and {earlier} more before these:\n"),
    };
    for (index, event) in events.iter().enumerate().skip(earlier) {
        text += &format!("  {}. {}\n", index + 1, escape::line(&with_result(event)));
    }
    text
}

fn with_result(event: &LoggedEvent) -> String {
    let result = match &event.result {
        EventResult::Queued => return line(&event.redacted()),
        EventResult::Refused(reason) => format!("refused: {reason}"),
        EventResult::NotProcessed => "not received by the server".to_owned(),
    };
    format!("{} ({result})", line(&event.redacted()))
}

/// The event, already redacted, without its ids: `welcome to "ada": {"plan":"gold"}, actor "ben"`.
pub(super) fn line(event: &Value) -> String {
    let mut text = format!("{} to {}", trigger(event), recipients(event.get("to")));
    text += &format!(": {}", shortened(event.get("payload").unwrap_or(&Value::Null)));
    for name in ["actor", "tenant"] {
        if let Some(value) = event.get(name) {
            text += &format!(", {name} {}", recipient(value));
        }
    }
    if let Some(overrides) = event.get("overrides") {
        text += &format!(", overrides {}", shortened(overrides));
    }
    text
}

pub(super) fn trigger(event: &Value) -> &str {
    event.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// The value of `to` in words. A broadcast has none.
pub(super) fn recipients(to: Option<&Value>) -> String {
    match to {
        None => "every subscriber".to_owned(),
        Some(Value::Array(list)) => list.iter().map(recipient).collect::<Vec<_>>().join(", "),
        Some(to) => recipient(to),
    }
}

/// A subscriber or a tenant by its id, with a note if other data was sent with it.
pub(super) fn recipient(value: &Value) -> String {
    let Some(fields) = value.as_object() else { return shortened(value) };
    match (id(value), fields.len()) {
        (Some(id), 1) => Value::from(id).to_string(),
        (Some(_), _) => shortened(value),
        (None, _) => match fields.get("topicKey") {
            Some(topic) => format!("topic {topic}"),
            None => shortened(value),
        },
    }
}

/// The id of a subscriber or a tenant, given as an id or as an object.
pub(super) fn id(value: &Value) -> Option<&str> {
    let field = |name: &str| value.get(name).and_then(Value::as_str);
    value.as_str().or_else(|| field("subscriberId")).or_else(|| field("identifier"))
}

/// The JSON of a value, not longer than a line.
pub(super) fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// The workflow and the step of a message: ``workflow `order`, step `email```.
pub(super) fn step(message: &Message) -> String {
    escape::line(&format!("workflow `{}`, step `{}`", message.trigger(), message.step()))
}

/// Why a step sent nothing.
pub(super) fn reason(step: &StepRecord) -> String {
    step.reason().map_or_else(|| step.outcome().to_string(), str::to_owned)
}

/// A message with its step: ``e-mail "Order 7" (workflow `order`, step `email`)``.
pub(super) fn message(message: &Message, redact: impl Fn(&str) -> String) -> String {
    let quoted = |text: &str| shortened(&Value::from(redact(text)));
    let content = if let Some(email) = message.email() {
        format!("e-mail {}", quoted(email.subject()))
    } else if let Some(sms) = message.sms() {
        format!("SMS {}", quoted(sms.text()))
    } else if let Some(push) = message.push() {
        format!("push message {}", quoted(push.title()))
    } else if let Some(chat) = message.chat() {
        format!("chat message {}", quoted(chat.text()))
    } else if let Some(in_app) = message.in_app() {
        format!("in-app message {}", quoted(in_app.content()))
    } else {
        message.channel().name().to_owned()
    };
    format!("{content} ({})", step(message))
}
