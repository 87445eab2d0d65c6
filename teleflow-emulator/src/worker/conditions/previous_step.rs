//! A condition on what the recipient did with the message of an earlier step.

use serde_json::Value;

use super::input::PreviousMessage;

/// Whether the message of the step was seen or read. Without a message, the condition passes.
pub(super) fn passes(child: &Value, previous: &dyn Fn(&str) -> Option<PreviousMessage>) -> bool {
    let text = |key| child.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some(message) = previous(text("step")) else { return true };
    let kind = text("stepType");
    let is_negative = matches!(kind, "unread" | "unseen");
    if message.channel == "email" {
        return (message.opened == 0) == is_negative;
    }
    let flag = if matches!(kind, "seen" | "unseen") { message.seen } else { message.read };
    flag == Some(!is_negative)
}
