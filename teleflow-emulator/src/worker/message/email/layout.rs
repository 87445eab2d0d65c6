//! The layout of an e-mail.

use serde_json::{Value, json};

use crate::database::layout::Layout;
use crate::js;
use crate::worker::message::details::text;
use crate::worker::message::sending::Sending;

/// The layout that e-mails of the type `editor` have if they have no other. It is the emulator's own; only what it shows
/// is the server's.
const BUILT_IN: &str = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\
{{#if preheader}}<div style=\"display: none;\">{{preheader}} PADDING</div>{{/if}}\
{{#if branding.logo}}<div style=\"text-align: center;\"><img src=\"{{branding.logo}}\" alt=\"\"></div>{{/if}}\
<div>{{{body}}}</div></body></html>";

/// The number of pairs of a no-break space and a zero-width non-joiner that follow a preheader. They keep the rest of the
/// e-mail out of the preview that a mail program shows.
const PADDING: usize = 232;

/// The id of the layout that the event names, if there is one. Adds a detail if it does not exist.
pub(super) fn overridden(sending: &mut Sending<'_>) -> Option<Value> {
    let identifier = js::if_truthy(sending.run.job.overrides().get("layoutIdentifier"))?;
    let layouts = &sending.run.environment.layouts;
    let layout = layouts.iter().find(|layout| layout.identifier.as_deref() == identifier.as_str());
    if layout.is_none() {
        sending.failed(text::LAYOUT_NOT_FOUND, Some(json!({ "layoutIdentifier": identifier })));
    }
    layout.map(|layout| layout.id.clone().into())
}

/// Finds a layout by its id. A workflow that is built in code has the identifier in place of the id.
pub(super) fn find<'a>(sending: &Sending<'a>, id: &Value) -> Result<&'a Layout, String> {
    let environment = sending.run.environment;
    let by_id = environment.layouts.iter().find(|layout| id.as_str() == Some(&layout.id));
    let has_identifier = |layout: &&Layout| id.is_string() && id.as_str() == layout.identifier.as_deref();
    let layout = by_id.or_else(|| environment.layouts.iter().find(has_identifier));
    let not_found = || format!("Layout not found for id {} in the environment {}", js::to_text(id), environment.id);
    layout.ok_or_else(not_found)
}

/// The layout for e-mails of the type `editor` without a layout.
pub(super) fn built_in() -> String {
    BUILT_IN.replace("PADDING", &padding())
}

/// Adds the preheader after the first `<body>` tag, if there is one.
pub(super) fn with_preheader(layout: &str) -> String {
    let Some(position) = end_of_body_tag(layout) else { return layout.to_owned() };
    let (before, after) = layout.split_at(position);
    format!(
        "{before}{{{{#if preheader}}}}
          <div style=\"display: none; max-height: 0px; overflow: hidden;\">
            {{{{preheader}}}}
            {}
          </div>
        {{{{/if}}}}{after}",
        padding()
    )
}

fn padding() -> String {
    "&nbsp;&zwnj;".repeat(PADDING)
}

/// The position after the first match of `/<body\b[^<>]*?>/`.
fn end_of_body_tag(html: &str) -> Option<usize> {
    const TAG: &str = "<body";
    html.match_indices(TAG).find_map(|(start, _)| {
        let rest = html.get(start + TAG.len()..)?;
        let continues_name = rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        let (attributes, after) = rest.split_once('>')?;
        let is_tag = !continues_name && !attributes.contains('<');
        is_tag.then(|| html.len() - after.len())
    })
}
