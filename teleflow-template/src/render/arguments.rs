//! Evaluates paths and the arguments of tags.

use std::rc::Rc;

use super::Missing;
use super::error::{RenderError, fail};
use super::renderer::{Frame, Renderer};
use super::value::Value;
use crate::ast::{Call, Expression, Path};

/// The arguments of a tag.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) params: Vec<Value>,
    pub(super) hash: Vec<(Rc<str>, Value)>,
}

impl Frame<'_> {
    /// The position of a block parameter: its block, and its index there.
    pub(super) fn block_param(&self, name: &str) -> Option<(usize, usize)> {
        let mut blocks = self.scope.names.iter().enumerate();
        blocks.find_map(|(block, names)| Some((block, names.iter().position(|other| other == name)?)))
    }

    fn context_at(&self, depth: usize) -> Value {
        match depth {
            0 => self.context.clone(),
            _ => self.scope.contexts.get(depth).cloned().unwrap_or(Value::Undefined),
        }
    }

    /// The value of a path. `stops_at_false`: a part that is not truthy ends the path; otherwise, only a missing one does.
    pub(super) fn value_of(&self, path: &Path, stops_at_false: bool) -> Result<Value, RenderError> {
        let mut parts = path.parts.iter();
        let name = path.parts.first().filter(|_| path.depth == 0 && !path.is_scoped());
        if let Some((block, index)) = name.and_then(|name| self.block_param(name)) {
            let Some(Value::Array(values)) = self.scope.values.get(block) else {
                return fail(format!("Cannot read properties of undefined (reading '{index}')"));
            };
            let value = values.borrow().get(index).cloned().unwrap_or(Value::Undefined);
            return Ok(follow(value, parts.skip(1), false));
        }
        // handlebars.js takes an empty first name for the context itself, whatever follows.
        if path.parts.first().is_none_or(String::is_empty) {
            return Ok(self.context_at(path.depth));
        }
        if !path.data {
            return Ok(follow(self.context_at(path.depth), parts, stops_at_false));
        }
        let Some(data) = self.scope.data.above(path.depth) else { return Ok(Value::Undefined) };
        let value = parts.next().map_or(Value::Undefined, |name| data.get(name));
        Ok(follow(value, parts, true))
    }
}

fn follow<'p>(value: Value, mut parts: impl Iterator<Item = &'p String>, stops_at_false: bool) -> Value {
    let last = parts.try_fold(value, |value, part| {
        let is_end = if stops_at_false { !value.is_truthy() } else { value.is_nullish() };
        if is_end { Err(value) } else { Ok(value.own_property(part)) }
    });
    match last {
        Ok(value) | Err(value) => value,
    }
}

impl<'t> Renderer<'t> {
    /// Evaluates an argument.
    pub(super) fn value(&mut self, frame: &Frame<'t>, expression: &'t Expression) -> Result<Value, RenderError> {
        Ok(match expression {
            Expression::Path(path) => {
                let value = frame.value_of(path, false)?;
                if value.is_undefined() {
                    self.undefined.push(Missing::from(path));
                }
                value
            }
            Expression::String(text, _) => Value::text(text.as_str()),
            Expression::Number(number, _) => Value::Number(*number),
            Expression::Boolean(boolean, _) => Value::Boolean(*boolean),
            Expression::Undefined(_) => Value::Undefined,
            Expression::Null(_) => Value::Null,
            Expression::Call(call) => self.sub_expression(frame, call)?,
        })
    }

    /// Evaluates all arguments of a tag.
    pub(super) fn arguments(&mut self, frame: &Frame<'t>, call: &'t Call) -> Result<Arguments, RenderError> {
        let mut arguments = Arguments { params: Vec::with_capacity(call.params.len()), hash: Vec::new() };
        for param in &call.params {
            arguments.params.push(self.value(frame, param)?);
        }
        // handlebars.js writes the named arguments into an object literal, the last one first. Of two with one name, it keeps
        // the first, and never evaluates the other.
        for (at, pair) in call.hash.iter().enumerate().rev() {
            let is_repeated = call.hash.iter().take(at).any(|earlier| earlier.key == pair.key);
            if is_repeated || pair.key == "__proto__" {
                continue;
            }
            arguments.hash.push((Rc::from(pair.key.as_str()), self.value(frame, &pair.value)?));
        }
        Ok(arguments)
    }
}
