//! The fields of a subscriber.

use serde_json::Value;

use super::fields::{Messages, non_null, optional_string};
use super::formats::{is_email, is_locale};

/// Validates the fields of a subscriber except its id. The API checks the actor, the worker checks every recipient.
///
/// Source: `CreateSubscriberRequestDto` and `create-subscriber.command.ts` of the server.
pub(crate) fn subscriber_fields(subscriber: &Value, prefix: &str) -> Messages {
    let mut messages = Messages::new();
    if non_null(subscriber, "email").is_some_and(|email| !email.as_str().is_some_and(is_email)) {
        messages.push(format!("{prefix}email must be an email"));
    }
    for field in ["firstName", "lastName", "phone", "avatar"] {
        messages.extend(optional_string(subscriber, field, prefix));
    }
    if non_null(subscriber, "locale").is_some_and(|locale| !locale.as_str().is_some_and(is_locale)) {
        messages.push(format!("{prefix}locale must be locale"));
    }
    messages
}
