//! Layouts: the HTML around the content of an e-mail.

use serde::Deserialize;
use serde_json::{Value, json};

use super::message_template::Variable;

/// The HTML around the content of e-mails.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Layout {
    pub(crate) id: String,
    pub(crate) identifier: Option<String>,
    pub(crate) content: Value,
    pub(crate) variables: Vec<Variable>,
    /// The JSON that `GET /v1/layouts/:id` returns.
    document: Value,
}

#[derive(Deserialize)]
struct Parts {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    content: Value,
    #[serde(default)]
    variables: Vec<Variable>,
}

impl TryFrom<Value> for Layout {
    type Error = serde_json::Error;

    fn try_from(document: Value) -> Result<Self, Self::Error> {
        let Parts { id, identifier, content, variables } = Parts::deserialize(&document)?;
        Ok(Self { id, identifier, content, variables, document })
    }
}

impl Layout {
    /// A layout whose id is its identifier.
    pub(crate) fn new(identifier: &str, html: &str) -> Self {
        let document = json!({
            "_id": identifier, "name": identifier, "identifier": identifier, "channel": "email",
            "content": html, "contentType": "customHtml", "variables": [], "isDefault": false, "deleted": false,
        });
        let (id, content) = (identifier.to_owned(), html.into());
        Self { id, identifier: Some(identifier.to_owned()), content, variables: Vec::new(), document }
    }

    /// The same layout with another id.
    pub(crate) fn with_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        if let Some(fields) = self.document.as_object_mut() {
            fields.insert("_id".to_owned(), id.into());
        }
        self
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }
}
