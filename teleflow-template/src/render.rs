//! Renders templates as the server does: with handlebars.js, the helpers of the server, and its data types.

// A module imports only from those below it.
mod partials;
mod calls;
mod statements;
mod arguments;
mod renderer;
mod helpers;
mod date;
mod helper_call;
mod closure;
mod data;
mod list;
mod escape;
mod coerce;
mod number;
mod value;
mod error;

pub use error::RenderError;

use std::thread;

use crate::ast::{Program, Span};
use crate::parser::parse;
use coerce::to_text;
use error::fail;
use escape::APOSTROPHE;
use renderer::Renderer;
use value::Value;

/// How deep blocks and partials may be nested while they are rendered on the stack of the caller, and on a stack for this.
/// Without optimization, each level needs 8 KiB of stack. On the server, there is room for about 1000 levels.
const MAX_NESTED_HERE: usize = 30;
const MAX_NESTED: usize = 1000;
const LARGE_STACK: usize = 32 << 20;

/// A rendered template.
///
/// ```
/// let context = serde_json::json!({ "name": "Ann" });
/// let rendered = teleflow_template::render("Hi {{name}}{{title}}!", &context)?;
/// assert_eq!(rendered.text, "Hi Ann!");
/// assert_eq!(rendered.missing[0].path, "title");
/// # Ok::<(), teleflow_template::RenderError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// The variables that printed nothing because the context does not have them, each position once. `null` and empty texts
    /// are not missing.
    pub missing: Vec<Missing>,
}

/// A variable that the context does not have.
///
/// ```
/// let rendered = teleflow_template::render("Hi {{uppercase user.name}}!", &serde_json::json!({}))?;
/// assert_eq!(rendered.missing[0].path, "user.name");
/// assert_eq!(rendered.missing[0].span.start, 15);
/// # Ok::<(), teleflow_template::RenderError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The path as it is written in the template, without the brackets around names.
    pub path: String,
    /// The position of the path in the template.
    pub span: Span,
}

/// Renders a template with the values of a context.
///
/// HTML in values is escaped. Nesting, time and output have limits: a partial that includes itself without an end is an error.
///
/// # Errors
///
/// [`RenderError`] if the template cannot be parsed, if a helper or a partial fails or is missing, if a limit is reached, or if
/// no thread can be started for a deep template.
///
/// ```
/// use serde_json::json;
///
/// let template = "{{#each items}}{{name}}: {{numberFormat price}}{{#unless @last}}, {{/unless}}{{/each}}";
/// let context = json!({ "items": [{ "name": "Lamp", "price": 40 }, { "name": "Desk & chair", "price": 1249.5 }] });
/// let rendered = teleflow_template::render(template, &context)?;
/// assert_eq!(rendered.text, "Lamp: 40.00, Desk &amp; chair: 1,249.50");
/// # Ok::<(), teleflow_template::RenderError>(())
/// ```
pub fn render(template: &str, context: &serde_json::Value) -> Result<Rendered, RenderError> {
    let program = parse(template).map_err(RenderError::Syntax)?;
    partials::check(&program, template)?;
    if let Some(rendered) = attempt(&program, context, MAX_NESTED_HERE)? {
        return Ok(rendered);
    }
    let deep = || attempt(&program, context, MAX_NESTED);
    let rendered = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, deep);
        let thread = thread.map_err(|error| RenderError::Thread(error.to_string()))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    rendered.map_or_else(|| fail("Maximum call stack size exceeded"), Ok)
}

/// Renders a template that a record has as JSON, which may be missing (`null`) or not be a text.
///
/// # Errors
///
/// [`RenderError`] if the template is not a text, or as [`render`].
///
/// ```
/// use serde_json::{Value, json};
/// use teleflow_template::render_json;
///
/// assert_eq!(render_json(&json!("Hi {{name}}"), &json!({ "name": "Ann" }))?.text, "Hi Ann");
/// assert_eq!(render_json(&Value::Null, &json!({})).unwrap_err().to_string(), "Bad Request Exception");
/// # Ok::<(), teleflow_template::RenderError>(())
/// ```
pub fn render_json(template: &serde_json::Value, context: &serde_json::Value) -> Result<Rendered, RenderError> {
    match template {
        serde_json::Value::String(template) => render(template, context),
        serde_json::Value::Null => fail("Bad Request Exception"),
        other => {
            let shown = to_text(&Value::from_json(other)?);
            fail(format!("You must pass a string or Handlebars AST to Handlebars.compile. You passed {shown}"))
        }
    }
}

/// Renders a parsed template. Returns `None` if its blocks and partials are nested deeper than this while they are rendered.
fn attempt(program: &Program, context: &serde_json::Value, max_nested: usize) -> Result<Option<Rendered>, RenderError> {
    let mut renderer = Renderer::new(max_nested);
    let text = renderer.render(program, Value::from_json(context)?);
    if renderer.is_too_deep() {
        return Ok(None);
    }
    Ok(Some(Rendered { text: text?.replace(APOSTROPHE, "'"), missing: renderer.into_missing() }))
}

/// Reads a date as JavaScript's `Date.parse` does where the local time is UTC: in milliseconds since 1970.
///
/// ```
/// assert_eq!(teleflow_template::parse_date("1970-01-02"), Some(86_400_000));
/// assert_eq!(teleflow_template::parse_date("soon"), None);
/// ```
#[must_use]
pub fn parse_date(text: &str) -> Option<i64> {
    date::parse(text)
}

/// Reads a number as JavaScript's `Number` does. NaN for text that is not a number.
///
/// ```
/// assert_eq!(teleflow_template::parse_number(" 0x10 "), 16.0);
/// assert!(teleflow_template::parse_number("1,5").is_nan());
/// ```
#[must_use]
pub fn parse_number(text: &str) -> f64 {
    number::from_text(text)
}

/// Formats a number as JavaScript's `String` does.
///
/// ```
/// assert_eq!(teleflow_template::format_number(1e21), "1e+21");
/// ```
#[must_use]
pub fn format_number(number: f64) -> String {
    number::to_text(number)
}
