//! Renders blocks and their statements.

use std::rc::Rc;

use super::Missing;
use super::closure::{Body, Closure, Invocation, Scope};
use super::coerce::{is_equal, is_identical, to_number, to_text};
use super::data::Data;
use super::error::{RenderError, fail};
use super::escape::escape;
use super::list::List;
use super::renderer::{Frame, Renderer};
use super::value::Value;
use crate::ast::{BlockKind, Mustache, Program, Statement};

impl<'t> Renderer<'t> {
    /// Renders a template.
    pub(super) fn render(&mut self, program: &'t Program, context: Value) -> Result<String, RenderError> {
        let data = Rc::new(Data::of_root(context.clone()));
        let scope = Scope { data, names: List::new(), values: List::new(), contexts: List::new() };
        let main = self.closure(&scope, Body::Program(program), &[])?;
        let text = self.run(&main, Invocation { context, data: None, values: Value::Undefined })?;
        Ok(to_text(&text).to_string())
    }

    /// Renders a block.
    pub(super) fn run(&mut self, closure: &Closure<'t>, invocation: Invocation) -> Result<Value, RenderError> {
        self.enter()?;
        let Invocation { context, data, values } = invocation;
        let outer = closure.scope.contexts.get(0).unwrap_or(&Value::Undefined);
        // JavaScript's `!=` decides whether a block has a context of its own.
        let is_same =
            is_equal(&context, outer) || (is_identical(&context, &self.null_context) && matches!(outer, Value::Null));
        let contexts = match is_same {
            true => closure.scope.contexts.clone(),
            false => closure.scope.contexts.with(context.clone()),
        };
        let scope = Scope {
            data: data.unwrap_or_else(|| Rc::clone(&closure.scope.data)),
            names: closure.scope.names.with(closure.params),
            values: closure.scope.values.with(values),
            contexts,
        };
        let outside = self.partials.clone();
        if !closure.inline.is_empty() {
            self.partials = self.partials.with(Rc::clone(&closure.inline));
        }
        let frame = Frame { context, scope, partials: self.partials.clone() };
        let rendered = match closure.body {
            Body::Program(program) => self.program(&frame, program),
            Body::Chain(block, branch) => self.block(&frame, block, branch),
        };
        self.partials = outside;
        let rendered = rendered?;
        self.leave();
        Ok(rendered)
    }

    /// Renders statements. handlebars.js joins their values with `+`: numbers before the first text are added.
    fn program(&mut self, frame: &Frame<'t>, program: &'t Program) -> Result<Value, RenderError> {
        // An empty block in a loop takes time, too.
        self.spend(0)?;
        let mut sum = Sum::Empty;
        for statement in program {
            self.spend(0)?;
            if let Some(value) = self.statement(frame, statement)? {
                sum.add(value);
            }
        }
        Ok(sum.into_value())
    }

    /// The value of a statement. `None` if nothing is printed in its place, not even an empty text.
    fn statement(&mut self, frame: &Frame<'t>, statement: &'t Statement) -> Result<Option<Value>, RenderError> {
        let value = match statement {
            Statement::Text(text) if text.value().is_empty() => return Ok(None),
            Statement::Text(text) => Value::text(text.value()),
            Statement::Mustache(mustache) if !mustache.decorator => self.mustache(frame, mustache)?,
            Statement::Partial(partial) => self.partial(frame, &partial.call, &partial.indent, None)?,
            Statement::Block(block) => match (block.kind, block.branches.first()) {
                (BlockKind::Partial, Some(branch)) => self.partial(frame, &branch.call, "", Some(&branch.program))?,
                (BlockKind::Decorator, _) => return Ok(None),
                _ => self.block(frame, block, 0)?,
            },
            Statement::Comment(_) | Statement::Mustache(_) => return Ok(None),
        };
        match value {
            Value::Undefined | Value::Null => return Ok(Some(Value::text(""))),
            Value::String(ref text) => self.spend(text.len())?,
            Value::Array(_) => self.spend(to_text(&value).len())?,
            _ => {}
        }
        Ok(Some(value))
    }

    fn mustache(&mut self, frame: &Frame<'t>, mustache: &'t Mustache) -> Result<Value, RenderError> {
        self.undefined.clear();
        let outcome = self.call(frame, &mustache.call)?;
        let prints_nothing = match &outcome.value {
            Value::Undefined => true,
            Value::String(text) => text.is_empty() && !outcome.is_variable,
            _ => false,
        };
        // `log` never prints.
        let is_log = mustache.call.callee.as_path().is_some_and(|path| path.original == "log");
        if prints_nothing && outcome.is_variable {
            let callee = mustache.call.callee.as_path();
            callee.map(Missing::from).into_iter().for_each(|missing| self.add_missing(missing));
        } else if prints_nothing && !is_log {
            std::mem::take(&mut self.undefined).into_iter().for_each(|missing| self.add_missing(missing));
        }
        if mustache.escaped { print(&outcome.value) } else { Ok(outcome.value) }
    }
}

/// The sum of the values of statements. A value becomes text when the next one is added: a list may be sorted before that.
#[derive(Debug)]
enum Sum {
    Empty,
    One(Value),
    Text(String),
}

impl Sum {
    fn add(&mut self, value: Value) {
        match self {
            Self::Empty => *self = Self::One(value),
            Self::One(first) if is_addend(first) && is_addend(&value) => {
                *first = Value::Number(to_number(first) + to_number(&value));
            }
            Self::One(first) => *self = Self::Text(format!("{}{}", to_text(first), to_text(&value))),
            Self::Text(text) => text.push_str(&to_text(&value)),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Empty => Value::text(""),
            Self::One(value) => value,
            Self::Text(text) => Value::text(text),
        }
    }
}

/// Whether `+` adds the value as a number.
fn is_addend(value: &Value) -> bool {
    matches!(value, Value::Number(_) | Value::Boolean(_))
}

/// Escapes a value.
fn print(value: &Value) -> Result<Value, RenderError> {
    match value {
        Value::Undefined | Value::Null => Ok(Value::text("")),
        Value::Object(object) if object.get("toHTML").is_some_and(Value::is_truthy) => {
            fail("string.toHTML is not a function")
        }
        other => Ok(Value::text(escape(&to_text(other)))),
    }
}
