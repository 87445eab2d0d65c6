//! In-app messages.
// Source: `send-message-in-app.usecase.ts`, `compile-in-app-template.usecase.ts`.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::content::InApp;
use super::context::branding;
use super::details::text;
use super::record::Content;
use super::sending::{Sending, Thrown, Wanted};
use crate::database::channel::Channel;
use crate::database::message_template::MessageTemplate;
use crate::js;

/// Renders and stores an in-app message.
pub(super) fn send(sending: &mut Sending<'_>) -> Result<(), Thrown> {
    let Some(integration) = sending.select_integration(&Wanted::default())? else {
        sending.failed(text::NO_INTEGRATION, None);
        return Ok(());
    };
    // The avatar is not that of the variant.
    let actor = sending.run.step.template.as_ref().map(|template| &template.actor).filter(|actor| js::truthy(actor));
    let template = sending.choose_template()?;
    let (content, cta) = match render(sending, template) {
        Ok(rendered) => rendered,
        Err(error) => {
            sending.not_rendered(Channel::InApp, None, error);
            return Ok(());
        }
    };
    let mut message = sending.message(Channel::InApp, &integration.provider_id);
    let record = Arc::new(js::object([
        ("channel", Some("in_app".into())),
        ("content", Some(content.into())),
        ("cta", (!cta.is_null()).then_some(cta)),
        ("actor", actor.filter(|actor| actor.get("type").and_then(Value::as_str) != Some("none")).cloned()),
        ("providerId", Some(integration.provider_id.clone().into())),
        ("payload", Some(sending.context.payload_without_attachments())),
    ]));
    message.content = Some(Content::InApp(InApp(record.clone())));
    message.record = Some(record);
    sending.messages.push(message);
    sending.pending(text::CREATED);
    sending.succeeded(text::SENT);
    Ok(())
}

/// The content, and the link and buttons with rendered texts.
fn render(sending: &mut Sending<'_>, template: &MessageTemplate) -> Result<(String, Value), String> {
    let mut context = sending.context.for_templates();
    context.insert("branding".to_owned(), branding(sending.run));
    let context = Value::Object(context);
    let renderer = &mut sending.renderer;
    let content = match js::if_truthy(Some(&template.content)) {
        Some(content) => renderer.render("content", content, &context)?,
        None => String::new(),
    };
    let mut cta = template.cta.clone();
    if let Some(url) = cta.pointer_mut("/data/url").filter(|url| js::truthy(url)) {
        *url = renderer.render("cta.data.url", url, &context)?.into();
    }
    if let Some(Value::Array(buttons)) = cta.pointer_mut("/action/buttons") {
        for (index, button) in buttons.iter_mut().enumerate() {
            let name = format!("cta.action.buttons[{index}].content");
            let content = renderer.render(&name, button.get("content").unwrap_or(&Value::Null), &context)?;
            let mut rendered = Map::new();
            if let Some(kind) = button.get("type") {
                rendered.insert("type".to_owned(), kind.clone());
            }
            rendered.insert("content".to_owned(), content.into());
            *button = Value::Object(rendered);
        }
    }
    Ok((content, cta))
}
