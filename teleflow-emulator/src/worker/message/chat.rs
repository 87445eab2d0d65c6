//! Chat messages: one for each account of the subscriber.
// Source: `send-message-chat.usecase.ts`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::content::Chat;
use super::details::text;
use super::record::{Content, MessageStatus};
use super::sending::{Sending, Thrown, Wanted};
use crate::database::channel::Channel;
use crate::js;

/// The provider that sends to a phone number.
const WHATSAPP: &str = "whatsapp-business";

// Source: `ChatProviderIdEnum`.
const PROVIDERS: [&str; 10] = [
    "slack",
    "discord",
    "msteams",
    "mattermost",
    "ryver",
    "zulip",
    "grafana-on-call",
    "getstream",
    "rocket-chat",
    WHATSAPP,
];

/// Renders and sends a chat message.
pub(super) fn send(sending: &mut Sending<'_>) -> Result<(), Thrown> {
    let template = sending.choose_template()?;
    let context = Value::Object(sending.context.for_templates());
    let content = match sending.renderer.render("content", &template.content, &context) {
        Ok(content) => content,
        Err(error) => {
            sending.not_rendered(Channel::Chat, None, error);
            return Ok(());
        }
    };
    let mut accounts = sending.context.accounts(&PROVIDERS);
    // Every subscriber has an account at WhatsApp.
    accounts.push(json!({
        "providerId": WHATSAPP, "credentials": { "phoneNumber": sending.context.subscriber.get("phone") },
    }));
    let mut all_failed = true;
    for account in accounts {
        all_failed &= send_to(sending, &account, &content).is_err();
    }
    if all_failed {
        sending.failed(text::ALL_CHAT_FAILED, None);
    }
    Ok(())
}

fn send_to(sending: &mut Sending<'_>, account: &Value, content: &str) -> Result<(), Thrown> {
    let provider_id = account.get("providerId").and_then(Value::as_str).unwrap_or_default();
    let is_whatsapp = provider_id == WHATSAPP;
    let id = account.get("_integrationId").filter(|id| !is_whatsapp && js::truthy(id));
    let wanted = Wanted { id, provider_id: Some(provider_id), ..Wanted::default() };
    let Some(integration) = sending.select_integration(&wanted)? else {
        if !is_whatsapp {
            let id = account.get("_integrationId").and_then(Value::as_str).unwrap_or("undefined");
            let reason = format!("Integration with integrationId: {id} is either deleted or not active");
            sending.failed(text::NO_INTEGRATION, Some(json!({ "reason": reason })));
        }
        return Ok(());
    };
    let credential = |name: &str| js::if_truthy(account.get("credentials")?.get(name)).cloned();
    let payload_url = js::if_truthy(sending.context.payload.get("webhookUrl")).cloned();
    let webhook_url = payload_url.or_else(|| credential("webhookUrl"));
    let phone = credential("phoneNumber");

    let mut message = sending.message(Channel::Chat, provider_id);
    message.record = Some(Arc::new(js::object([
        ("channel", Some("chat".into())),
        ("content", Some(content.into())),
        ("chatWebhookUrl", webhook_url.clone()),
        ("phone", phone.clone()),
        ("providerId", Some(provider_id.into())),
    ])));
    sending.pending(text::INTEGRATION_SELECTED);
    sending.pending(text::CREATED);
    let options = Arc::new(js::object([
        ("phoneNumber", phone.clone()),
        ("customData", Some(sending.overrides_for(integration).into())),
        ("webhookUrl", webhook_url.clone()),
        ("channel", credential("channel")),
        ("content", Some(content.into())),
    ]));
    message.content = Some(Content::Chat(Chat(options.clone())));
    if webhook_url.is_none() && phone.is_none() {
        let reason = "Subscriber does not have active chat channel id";
        message.set_status(MessageStatus::Warning, "no_subscriber_chat_channel_id", reason);
        let identifier = integration.identifier.as_deref().unwrap_or("undefined");
        let reason = format!("webhookUrl for integrationId: {identifier} is missing");
        sending.failed(text::NO_CHAT_WEBHOOK, Some(json!({ "reason": reason })));
    } else {
        message.calls.push(options);
        match sending.provider_error(integration) {
            None => sending.succeeded(text::SENT),
            Some(error) => {
                message.set_status(MessageStatus::Error, "unexpected_chat_error", error);
                sending.failed(text::PROVIDER_ERROR, Some(json!({})));
            }
        }
    }
    sending.messages.push(message);
    Ok(())
}
