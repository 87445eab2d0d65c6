//! Push messages: one for each account of the subscriber, with a request for each of its devices.
// Source: `send-message-push.usecase.ts`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::content::Push;
use super::details::{Detail, text};
use super::record::{Content, MessageStatus};
use super::sending::{Sending, Thrown, Wanted};
use crate::database::channel::Channel;
use crate::js;

// Source: `PushProviderIdEnum`.
const PROVIDERS: [&str; 7] = ["fcm", "apns", "expo", "one-signal", "pushpad", "push-webhook", "pusher-beams"];

/// The texts of a push message.
#[derive(Debug, Clone, Copy)]
struct Texts<'a> {
    title: &'a str,
    content: &'a str,
}

/// Renders and sends a push message.
pub(super) fn send(sending: &mut Sending<'_>) -> Result<(), Thrown> {
    let template = sending.choose_template()?;
    let context = Value::Object(sending.context.for_templates());
    let content = sending.renderer.render("content", &template.content, &context);
    let rendered = content.and_then(|content| {
        let title = sending.renderer.render("title", &template.title, &context)?;
        Ok((title, content))
    });
    let (title, content) = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            sending.not_rendered(Channel::Push, None, error);
            return Ok(());
        }
    };
    let accounts = sending.context.accounts(&PROVIDERS);
    if accounts.is_empty() {
        sending.failed(text::NO_CHANNEL, None);
        sending.failed(text::NOTIFICATION_ERROR, None);
        return Ok(());
    }
    let mut has_errors = false;
    for account in accounts {
        has_errors |= !send_to(sending, &account, Texts { title: &title, content: &content })?;
    }
    if has_errors {
        sending.failed(text::NOTIFICATION_ERROR, None);
    }
    Ok(())
}

/// Sends to the devices of one account. Returns whether there was no error.
fn send_to(sending: &mut Sending<'_>, account: &Value, texts: Texts<'_>) -> Result<bool, Thrown> {
    let provider_id = account.get("providerId").and_then(Value::as_str).unwrap_or_default();
    let credentials = account
        .get("credentials")
        .filter(|credentials| !credentials.is_null())
        .ok_or("Cannot destructure property 'deviceTokens' of 'channel.credentials' as it is undefined.")?;
    let is_empty = |tokens: &&Value| tokens.as_array().is_none_or(|tokens| !tokens.is_empty());
    let tokens = js::if_truthy(credentials.get("deviceTokens")).filter(is_empty);
    if tokens.is_none() {
        sending.failed(text::NO_DEVICE_TOKENS, Some(account.clone()));
    }
    let id = js::if_truthy(account.get("_integrationId"));
    let integration =
        sending.select_integration(&Wanted { id, provider_id: Some(provider_id), ..Wanted::default() })?;
    if integration.is_none() {
        sending.failed(text::NO_INTEGRATION, None);
    }
    let (Some(tokens), Some(integration)) = (tokens, integration) else { return Ok(false) };
    sending.pending(text::INTEGRATION_SELECTED);

    let overrides = sending.run.job.overrides().get(&integration.provider_id);
    let overrides = js::if_truthy(overrides).cloned().unwrap_or_else(|| json!({}));
    let target = js::if_truthy(overrides.get("deviceTokens")).unwrap_or(tokens).clone();
    let mut message = sending.message(Channel::Push, &integration.provider_id);
    let record = Arc::new(json!({
        "channel": "push", "title": texts.title, "content": texts.content, "deviceTokens": target,
        "providerId": integration.provider_id, "payload": sending.context.payload, "overrides": overrides,
    }));
    message.content = Some(Content::Push(Push(record.clone())));
    message.record = Some(record);
    sending.details.push(Detail::new("Pending", format!("{}: {provider_id}", text::CREATED)));
    let mut is_sent = true;
    for token in js::iterate(&target)? {
        message.calls.push(Arc::new(json!({
            "target": [token], "title": texts.title, "content": texts.content, "payload": sending.context.payload,
            "overrides": overrides, "subscriber": sending.context.subscriber, "step": sending.context.step,
        })));
        match sending.provider_error(integration) {
            None => sending.details.push(Detail::new("Success", format!("{}: {provider_id}", text::SENT))),
            Some(error) => {
                message.set_status(MessageStatus::Error, "unexpected_push_error", error);
                sending.failed(text::PROVIDER_ERROR, Some(error.into()));
                is_sent = false;
            }
        }
    }
    sending.messages.push(message);
    Ok(is_sent)
}
