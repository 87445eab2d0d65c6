//! Renders the templates of one message, and collects the variables that they lack.

use serde_json::Value;

/// A variable that printed nothing because the event, the subscriber and the server have no such value.
///
/// Whether a template prints a variable at all depends on its blocks: an `{{#if}}` that is not taken needs nothing.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("order").in_app("Order {{id}} for {{subscriber.firstName}}"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let message = &emulator.messages()[0];
/// let missing = &message.missing_variables()[0];
/// assert_eq!((missing.template(), missing.variable()), ("content", "subscriber.firstName"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingVariable {
    pub(super) template: String,
    pub(super) variable: String,
}

impl MissingVariable {
    /// The template: `subject`, `content`, `content[0].url`, `layout`, …
    #[must_use]
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The variable as it is written in the template.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }
}

/// Renders the templates of one message.
#[derive(Debug, Default)]
pub(super) struct Renderer {
    pub(super) missing: Vec<MissingVariable>,
}

impl Renderer {
    /// Renders a template with this name, or returns the server's message.
    pub(super) fn render(&mut self, name: &str, template: &Value, context: &Value) -> Result<String, String> {
        let rendered = teleflow_template::render_json(template, context).map_err(|error| error.to_string())?;
        let missing = rendered.missing.into_iter();
        self.missing
            .extend(missing.map(|missing| MissingVariable { template: name.to_owned(), variable: missing.path }));
        Ok(rendered.text)
    }
}
