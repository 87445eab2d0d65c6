//! SMS.
// Source: `send-message-sms.usecase.ts`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::content::Sms;
use super::details::text;
use super::record::{Content, MessageStatus};
use super::sending::{Sending, Thrown, Wanted};
use crate::database::channel::Channel;
use crate::database::integration::Integration;
use crate::js;

/// Renders and sends an SMS.
pub(super) fn send(sending: &mut Sending<'_>) -> Result<(), Thrown> {
    let identifier =
        js::if_truthy(sending.overrides("sms").and_then(|overrides| overrides.get("integrationIdentifier")));
    let integration = sending.select_integration(&Wanted { identifier, ..Wanted::default() })?;
    let template = sending.choose_template()?;

    let context = Value::Object(sending.context.for_templates());
    let content = match sending.renderer.render("content", &template.content, &context) {
        Ok(content) if content.is_empty() => Err("Unexpected error: SMS content is missing".to_owned()),
        rendered => rendered,
    };
    let content = match content {
        Ok(content) => content,
        Err(error) => {
            sending.not_rendered(Channel::Sms, None, error);
            return Ok(());
        }
    };
    let Some(integration) = integration else {
        sending
            .failed(text::NO_INTEGRATION, identifier.map(|identifier| json!({ "integrationIdentifier": identifier })));
        return Ok(());
    };
    sending.pending(text::INTEGRATION_SELECTED);

    let overrides = sending.overrides_for(integration);
    let phone = sending.context.address("phone").cloned();
    let mut message = sending.message(Channel::Sms, &integration.provider_id);
    let record = record(sending, integration, phone.as_ref(), &content, &overrides);
    message.record = Some(Arc::new(record));
    sending.pending(text::CREATED);

    let override_of = |name: &str| js::if_truthy(overrides.get(name)).cloned();
    let options = [
        ("to", override_of("to").or_else(|| phone.clone())),
        ("from", override_of("from").or_else(|| integration.credentials.get("from").cloned())),
        ("content", Some(override_of("content").unwrap_or_else(|| content.into()))),
        ("customData", Some(override_of("customData").unwrap_or_else(|| json!({})))),
    ];
    let options = Arc::new(js::object(options));
    message.content = Some(Content::Sms(Sms(options.clone())));
    if phone.is_none() {
        message.set_status(MessageStatus::Warning, "no_subscriber_phone", "Subscriber does not have active phone");
        sending.failed(text::NO_RECIPIENT, None);
    } else {
        message.calls.push(options);
        match sending.provider_error(integration) {
            None => sending.succeeded(text::SENT),
            Some(error) => {
                message.set_status(MessageStatus::Error, "unexpected_sms_error", error);
                sending.failed(text::PROVIDER_ERROR, Some(json!({ "message": error, "name": "Error" })));
            }
        }
    }
    sending.messages.push(message);
    Ok(())
}

fn record(
    sending: &Sending<'_>,
    integration: &Integration,
    phone: Option<&Value>,
    content: &str,
    overrides: &Map<String, Value>,
) -> Value {
    js::object([
        ("channel", Some("sms".into())),
        ("content", Some(content.into())),
        ("phone", phone.cloned()),
        ("providerId", Some(integration.provider_id.clone().into())),
        ("payload", Some(sending.context.payload_without_attachments())),
        ("overrides", Some(overrides.clone().into())),
    ])
}
