//! Renders the templates of an e-mail.
// Source: `compile-email-template.usecase.ts`.

use serde_json::{Map, Value, json};

use super::{blocks, layout};
use crate::database::message_template::MessageTemplate;
use crate::js;
use crate::validation::variables;
use crate::worker::message::context::branding;
use crate::worker::message::sending::Sending;

/// A rendered e-mail.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) subject: String,
    pub(super) preheader: Option<String>,
    pub(super) sender_name: Option<String>,
    pub(super) html: String,
    /// The template or the rendered blocks, as the record stores them.
    pub(super) content: Value,
}

/// The template of the subject, which may be missing.
pub(super) fn subject(template: &MessageTemplate) -> Value {
    js::if_truthy(Some(&template.subject)).cloned().unwrap_or_else(|| "".into())
}

/// Renders an e-mail, or returns the server's message.
pub(super) fn compile(
    sending: &mut Sending<'_>,
    template: &MessageTemplate,
    layout_id: Option<&Value>,
) -> Result<Compiled, String> {
    let is_editor = template.is_editor();
    let stored = layout_id.map(|id| layout::find(sending, id)).transpose()?;
    let layout_content = match stored {
        Some(layout) => js::if_truthy(Some(&layout.content)).and_then(Value::as_str).map(str::to_owned),
        None => is_editor.then(layout::built_in),
    };
    let layout_variables = stored.map(|layout| layout.variables.as_slice()).unwrap_or_default();
    let mut root = with_defaults(sending, layout_variables)?;
    root.insert("preheader".to_owned(), template.preheader.clone());
    root.insert("blocks".to_owned(), json!([]));
    let branding = branding(sending.run);
    root.insert("branding".to_owned(), branding.clone());
    let mut context = Value::Object(root);

    let mut render = |name: &str, template: &Value, context: &Value| {
        sending.renderer.render(name, template, context).map(|text| js::trim(&text).to_owned())
    };
    let subject = render("subject", &subject(template), &context)?;
    let mut render_if_any = |name: &str, template: &Value| {
        let template = js::if_truthy(Some(template));
        template.map(|template| render(name, template, &context)).transpose()
    };
    let preheader = render_if_any("preheader", &template.preheader)?;
    let sender_name = render_if_any("senderName", &template.sender_name)?;
    let rendered_blocks = if is_editor {
        Some(render_blocks(&template.content, |name, template| render(name, template, &context))?)
    } else {
        None
    };

    set(&mut context, "subject", subject.clone().into());
    set(&mut context, "preheader", preheader.clone().map_or_else(|| template.preheader.clone(), Value::String));
    set(&mut context, "body", "".into());
    set(&mut context, "blocks", rendered_blocks.clone().unwrap_or_else(|| json!([])));
    let body = match rendered_blocks.as_ref() {
        Some(rendered) => blocks::html(rendered.as_array().map(Vec::as_slice).unwrap_or_default(), &branding),
        None => sending.renderer.render("content", &template.content, &context)?,
    };
    let html = match layout_content {
        Some(layout) => {
            set(&mut context, "body", body.into());
            sending.renderer.render("layout", &layout::with_preheader(&layout).into(), &context)?
        }
        None => body,
    };
    let content = rendered_blocks.unwrap_or_else(|| template.content.clone());
    Ok(Compiled { subject, preheader, sender_name, html, content })
}

/// The root of templates with the defaults of the layout's variables.
fn with_defaults(
    sending: &Sending<'_>,
    layout_variables: &[crate::database::message_template::Variable],
) -> Result<Map<String, Value>, String> {
    let payload = Value::Object(sending.context.for_templates());
    let missing = variables::missing(layout_variables, &payload);
    if !missing.is_empty() {
        return Err(variables::missing_message(&missing));
    }
    let mut root = Value::Object(variables::defaults(layout_variables));
    js::merge(&mut root, payload);
    Ok(js::into_object(root))
}

/// Renders the content and the URL of each block.
fn render_blocks(
    blocks: &Value,
    mut render: impl FnMut(&str, &Value) -> Result<String, String>,
) -> Result<Value, String> {
    let mut rendered = Vec::new();
    let blocks = match blocks {
        Value::Null => return Err("content is not iterable".to_owned()),
        other => js::iterate(other)?,
    };
    for (index, mut block) in blocks.into_iter().enumerate() {
        let content = render(&format!("content[{index}].content"), block.get("content").unwrap_or(&Value::Null))?;
        let url = js::if_truthy(block.get("url")).cloned().unwrap_or_else(|| "".into());
        let url = render(&format!("content[{index}].url"), &url)?;
        set(&mut block, "content", content.into());
        set(&mut block, "url", url.into());
        rendered.push(block);
    }
    Ok(rendered.into())
}

fn set(object: &mut Value, field: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(field.to_owned(), value);
    }
}
