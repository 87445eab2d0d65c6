//! The template of a step's message, and the parts of it that the emulator reads.

use serde::Deserialize;
use serde_json::Value;

/// The template of a message. A missing field is `null`, as the server treats both alike.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MessageTemplate {
    pub(crate) r#type: Option<String>,
    pub(crate) variables: Vec<Variable>,
    /// `editor` or `customHtml`. E-mail only.
    pub(crate) content_type: Option<String>,
    pub(crate) subject: Value,
    pub(crate) preheader: Value,
    pub(crate) sender_name: Value,
    /// A text, or the blocks of an e-mail.
    pub(crate) content: Value,
    /// The title of a push message.
    pub(crate) title: Value,
    /// The URL and the buttons of an in-app message.
    pub(crate) cta: Value,
    /// The avatar of an in-app message.
    pub(crate) actor: Value,
    #[serde(rename = "_layoutId")]
    pub(crate) layout_id: Value,
}

/// A variable of a template or of a layout.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variable {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) r#type: Option<String>,
    #[serde(default)]
    pub(crate) required: Option<bool>,
    #[serde(default)]
    pub(crate) default_value: Option<Value>,
}

impl MessageTemplate {
    /// Whether the content is a list of blocks, which is also so if there is no type.
    pub(crate) fn is_editor(&self) -> bool {
        matches!(self.content_type.as_deref(), None | Some("" | "editor"))
    }
}
