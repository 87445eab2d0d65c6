//! E-mail.
// Source: `send-message-email.usecase.ts`.

// A module imports only from those below it.
mod mail_data;
mod compile;
mod blocks;
mod layout;
mod reply;

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::content::Email;
use super::details::text;
use super::record::{Content, MessageStatus};
use super::sending::{Sending, Thrown, Wanted};
use crate::database::channel::Channel;
use crate::database::integration::Integration;
use crate::database::message_template::MessageTemplate;
use crate::{html, js};

/// Renders and sends an e-mail.
pub(super) fn send(sending: &mut Sending<'_>) -> Result<(), Thrown> {
    let identifier =
        js::if_truthy(sending.overrides("email").and_then(|overrides| overrides.get("integrationIdentifier")));
    let integration = match sending.select_integration(&Wanted { identifier, ..Wanted::default() }) {
        Ok(integration) => integration,
        Err(error) => {
            sending.failed(text::LIMIT_PASSED, Some(json!({ "message": error })));
            return Ok(());
        }
    };
    let Some(integration) = integration else {
        sending
            .failed(text::NO_INTEGRATION, identifier.map(|identifier| json!({ "integrationIdentifier": identifier })));
        return Ok(());
    };
    sending.pending(text::INTEGRATION_SELECTED);
    let layout_override = layout::overridden(sending);
    let template = sending.choose_template()?;

    let overrides = sending.overrides_for(integration);
    let address = sending.context.address("email").cloned();
    let mut message = sending.message(Channel::Email, &integration.provider_id);
    let record = record(sending, integration, template, address.as_ref(), &overrides);
    message.record = Some(Arc::new(record));
    let reply_to = reply::address(sending);
    if let Some(reply_to) = &reply_to {
        sending.context.step.insert("reply_to_address".to_owned(), reply_to.clone().into());
    }

    let layout_id = layout_override.as_ref().or(js::if_truthy(Some(&template.layout_id)));
    let compiled = match compile::compile(sending, template, layout_id) {
        Ok(compiled) => compiled,
        Err(error) => {
            sending.not_rendered(Channel::Email, Some(message), error);
            return Ok(());
        }
    };
    message.missing = sending.renderer.missing.clone();
    message.updates.push(json!({ "subject": compiled.subject, "content": compiled.content }));
    let html = html::whole_document(&compiled.html);
    message.compiled_html = Some(compiled.html);
    sending.pending(text::CREATED);

    let own_reply_to = sending.overrides("email").and_then(|overrides| overrides.get("replyTo"));
    let options = mail_data::build(mail_data::MailData {
        to: address.as_ref(),
        from: integration.credential("from").cloned().unwrap_or_else(|| "no-reply@novu.co".into()),
        subject: compiled.subject,
        html,
        sender_name: compiled.sender_name,
        attachments: sending.context.payload.get("attachments"),
        reply_to: js::if_truthy(own_reply_to).cloned().or(reply_to.map(Value::String)),
        overrides: &overrides,
    })?;
    let options = Arc::new(options);
    message.content = Some(Content::Email(Email { options: options.clone(), preheader: compiled.preheader }));
    if address.is_none() {
        let reason = "Subscriber does not have an email address";
        message.set_status(MessageStatus::Warning, "mail_unexpected_error", reason);
        sending.failed(text::NO_RECIPIENT, None);
    } else {
        message.calls.push(options);
        match sending.provider_error(integration) {
            None => sending.succeeded(text::SENT),
            Some(error) => {
                message.set_status(MessageStatus::Error, "mail_unexpected_error", error);
                sending.failed(text::PROVIDER_ERROR, Some(json!({ "message": error })));
            }
        }
    }
    sending.messages.push(message);
    Ok(())
}

fn record(
    sending: &Sending<'_>,
    integration: &Integration,
    template: &MessageTemplate,
    address: Option<&Value>,
    overrides: &Map<String, Value>,
) -> Value {
    js::object([
        ("channel", Some("email".into())),
        // The record has the template of the subject until it is rendered.
        ("subject", Some(compile::subject(template))),
        ("email", address.cloned()),
        ("providerId", Some(integration.provider_id.clone().into())),
        ("payload", Some(sending.context.payload_without_attachments())),
        ("overrides", Some(overrides.clone().into())),
    ])
}
