//! The options for the provider: the rendered e-mail, changed by the overrides of the event.
// Source: `createMailData` in `send-message-email.usecase.ts`.

use serde_json::{Map, Value, json};

use crate::js;
use crate::worker::message::sending::Thrown;

/// The rendered e-mail, and the overrides of the event.
#[derive(Debug)]
pub(super) struct MailData<'a> {
    pub(super) to: Option<&'a Value>,
    pub(super) from: Value,
    pub(super) subject: String,
    pub(super) html: String,
    pub(super) sender_name: Option<String>,
    pub(super) attachments: Option<&'a Value>,
    pub(super) reply_to: Option<Value>,
    pub(super) overrides: &'a Map<String, Value>,
}

/// The options for the provider. The overrides are not rendered.
pub(super) fn build(mail: MailData<'_>) -> Result<Value, Thrown> {
    let of = |name: &str| js::if_truthy(mail.overrides.get(name)).cloned();
    let mut all = match mail.to {
        Some(Value::Array(addresses)) => addresses.clone(),
        other => other.cloned().into_iter().collect(),
    };
    all.extend(js::iterate(&of("to").unwrap_or_default())?);
    let mut to: Vec<Value> = Vec::new();
    for address in all {
        if !to.contains(&address) {
            to.push(address);
        }
    }
    let text = mail.overrides.get("text").cloned();
    Ok(js::object([
        ("to", Some(to.into())),
        ("from", of("from").or(Some(mail.from))),
        ("subject", of("subject").or_else(|| Some(mail.subject.into()))),
        ("html", of("html").or_else(|| of("text")).or_else(|| Some(mail.html.into()))),
        ("text", text),
        ("cc", of("cc").or_else(|| Some(json!([])))),
        ("bcc", of("bcc").or_else(|| Some(json!([])))),
        ("replyTo", mail.reply_to),
        ("senderName", of("senderName").or(mail.sender_name.map(Value::String))),
        ("ipPoolName", of("ipPoolName")),
        ("attachments", mail.attachments.map(attachments).transpose()?),
        ("headers", of("headers").or_else(|| Some(json!({})))),
        ("customData", of("customData").or_else(|| Some(json!({})))),
    ]))
}

/// The attachments with the fields that the server keeps.
fn attachments(attachments: &Value) -> Result<Value, Thrown> {
    match attachments {
        Value::Null => Ok(Value::Null),
        Value::Array(items) => Ok(items
            .iter()
            .map(|item| js::object(["file", "mime", "name", "channels"].map(|field| (field, item.get(field).cloned()))))
            .collect()),
        _ => Err("command.payload.attachments?.map is not a function".to_owned()),
    }
}
