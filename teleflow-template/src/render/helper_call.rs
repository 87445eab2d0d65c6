//! The call of a helper, as the helper sees it.

use std::rc::Rc;

use super::data::Iteration;
use super::error::{RenderError, fail};
use super::value::Value;

/// The part of a block: `fn` and `inverse` in handlebars.js.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Main,
    Inverse,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Main => "fn",
            Self::Inverse => "inverse",
        }
    }
}

/// Renders the parts of the block of a helper.
pub(super) trait Blocks {
    /// Renders a part. `context`: in place of the current one. `iteration`: what `@index` and others read.
    fn render(
        &mut self,
        part: Part,
        context: Option<Value>,
        iteration: Option<Iteration>,
        params: Value,
    ) -> Result<Value, RenderError>;

    /// The current context.
    fn context(&self) -> Value;

    /// Calls a value that is a function, without arguments. Returns any other value.
    fn resolve(&mut self, value: Value) -> Result<Value, RenderError>;
}

/// The arguments of a helper.
pub(super) struct HelperCall<'a> {
    pub(super) name: &'a str,
    pub(super) params: Vec<Value>,
    pub(super) hash: Vec<(Rc<str>, Value)>,
    /// Whether the helper has a block.
    pub(super) has_block: bool,
    pub(super) blocks: &'a mut dyn Blocks,
}

impl HelperCall<'_> {
    /// An argument. The one after the last is the object with the options, as in JavaScript.
    pub(super) fn arg(&self, index: usize) -> Value {
        match self.params.get(index) {
            Some(value) => value.clone(),
            None if index == self.params.len() => self.options(),
            None => Value::Undefined,
        }
    }

    /// Whether there are as many arguments, without the options.
    pub(super) fn has_params(&self, count: usize) -> bool {
        self.params.len() == count
    }

    fn options(&self) -> Value {
        let hash = Value::object(self.hash.iter().cloned());
        Value::object([(Rc::from("name"), Value::text(self.name)), (Rc::from("hash"), hash)])
    }

    /// An argument with a name. `options_at`: the position where the helper reads the options.
    pub(super) fn named(&self, options_at: usize, name: &str) -> Result<Value, RenderError> {
        if self.has_params(options_at) {
            let found = self.hash.iter().rfind(|(key, _)| **key == *name);
            return Ok(found.map_or(Value::Undefined, |(_, value)| value.clone()));
        }
        self.arg(options_at).property("hash")?.property(name)
    }

    /// Renders a part of the block with the current context, as `options.fn(this)` does.
    pub(super) fn render(&mut self, options_at: usize, part: Part) -> Result<Value, RenderError> {
        let name = part.name();
        if !self.has_params(options_at) {
            self.arg(options_at).property(name)?;
        } else if self.has_block {
            return self.blocks.render(part, None, None, Value::Undefined);
        }
        fail(format!("options.{name} is not a function"))
    }
}
