//! Decides whether a name is a helper or a variable, and evaluates it.

use std::borrow::Cow;
use std::rc::Rc;

use super::arguments::Arguments;
use super::closure::{Body, Closure, Invocation};
use super::data::{Data, Iteration};
use super::error::{RenderError, fail};
use super::helper_call::{Blocks, HelperCall, Part};
use super::helpers::{Helper, KNOWN, find, section};
use super::number;
use super::renderer::{Frame, Renderer};
use super::value::Value;
use crate::ast::{Block, BlockKind, Call, Expression, Path};

/// The value of a tag.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) value: Value,
    /// Whether it is the value of a variable, not the result of a helper.
    pub(super) is_variable: bool,
}

/// How handlebars.js classifies a name when it compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Helper,
    /// A helper, if there is one with this name, and else a variable.
    Ambiguous,
    Variable,
}

/// The name of a tag as a path. A literal is the name of a variable.
pub(super) fn name_of(callee: &Expression) -> Cow<'_, Path> {
    let text = match callee {
        Expression::Path(path) => return Cow::Borrowed(path),
        Expression::String(text, _) => text.clone(),
        Expression::Number(number, _) => number::to_text(*number),
        Expression::Boolean(boolean, _) => boolean.to_string(),
        Expression::Null(_) => "null".to_owned(),
        Expression::Undefined(_) | Expression::Call(_) => "undefined".to_owned(),
    };
    Cow::Owned(Path { data: false, depth: 0, parts: vec![text.clone()], original: text, span: callee.span() })
}

/// Whether a path is one name, so that it can be a helper.
fn is_simple(path: &Path) -> bool {
    path.parts.len() == 1 && path.depth == 0 && !path.is_scoped()
}

fn kind(frame: &Frame<'_>, path: &Path, is_call: bool) -> Kind {
    let first = path.parts.first().map_or("", String::as_str);
    let is_simple = is_simple(path);
    if is_simple && frame.block_param(first).is_some() {
        Kind::Variable
    } else if is_call || (is_simple && KNOWN.contains(&first)) {
        Kind::Helper
    } else if is_simple {
        Kind::Ambiguous
    } else {
        Kind::Variable
    }
}

fn not_callable<T>() -> Result<T, RenderError> {
    fail(
        "(lookupProperty(...) || (depth0 && lookupProperty(...)) || container.hooks.helperMissing).call is not a function",
    )
}

/// The parts of a block that wait to be rendered. `None` for a part that the block does not have.
type Parts<'t> = [Option<Rc<Closure<'t>>>; 2];

impl<'t> Renderer<'t> {
    /// Evaluates a tag without a block.
    pub(super) fn call(&mut self, frame: &Frame<'t>, call: &'t Call) -> Result<Outcome, RenderError> {
        self.evaluate(frame, call, false, None)
    }

    pub(super) fn sub_expression(&mut self, frame: &Frame<'t>, call: &'t Call) -> Result<Value, RenderError> {
        let value = self.evaluate(frame, call, true, None)?.value;
        if let Value::String(text) = &value {
            self.spend(text.len())?;
        }
        Ok(value)
    }

    /// Renders a block from a branch on.
    pub(super) fn block(&mut self, frame: &Frame<'t>, block: &'t Block, branch: usize) -> Result<Value, RenderError> {
        let Some(of) = block.branches.get(branch) else { return Ok(Value::Undefined) };
        Ok(self.evaluate(frame, &of.call, false, Some((block, branch)))?.value)
    }

    /// The parts of a block from a branch on.
    fn parts(&mut self, frame: &Frame<'t>, block: &'t Block, branch: usize) -> Result<Parts<'t>, RenderError> {
        let own = match block.branches.get(branch) {
            Some(own) => Some(self.closure(&frame.scope, Body::Program(&own.program), &own.block_params)?),
            None => None,
        };
        let other = match (block.branches.get(branch + 1), &block.inverse) {
            (Some(_), _) => Some(Body::Chain(block, branch + 1)),
            (None, Some(inverse)) => Some(Body::Program(&inverse.program)),
            (None, None) => None,
        };
        let other = match other {
            Some(body) => Some(self.closure(&frame.scope, body, &[])?),
            None => None,
        };
        Ok(if block.kind == BlockKind::Inverted { [other, own] } else { [own, other] })
    }

    fn evaluate(
        &mut self,
        frame: &Frame<'t>,
        call: &'t Call,
        is_sub_expression: bool,
        block: Option<(&'t Block, usize)>,
    ) -> Result<Outcome, RenderError> {
        let path = name_of(&call.callee);
        let is_call = is_sub_expression || !call.params.is_empty() || !call.hash.is_empty();
        let kind = kind(frame, &path, is_call);
        let no_arguments = Arguments { params: Vec::new(), hash: Vec::new() };
        if kind == Kind::Helper {
            let value = self.helper(frame, call, &path, block)?;
            return Ok(Outcome { value, is_variable: false });
        }
        let first = path.parts.first().map_or("", String::as_str);
        if let Some(helper) = find(first).filter(|_| kind == Kind::Ambiguous) {
            let value = self.invoke(frame, helper, first, no_arguments, block)?;
            return Ok(Outcome { value, is_variable: false });
        }
        let value = match frame.value_of(&path, false)? {
            // A function gets the options as its context; without a call, nothing.
            Value::PartialBlock(number) => {
                let context = if kind == Kind::Ambiguous { Value::object([]) } else { Value::Undefined };
                self.partial_block(number, context, Rc::default())?
            }
            value => value,
        };
        let Some((block, branch)) = block else { return Ok(Outcome { value, is_variable: true }) };
        let parts = self.parts(frame, block, branch)?;
        let params = Value::array(frame.scope.values.iter().cloned().collect());
        let mut blocks = HelperBlocks { renderer: self, frame, parts, this: frame.context.clone() };
        Ok(Outcome { value: section(value, params, &mut blocks)?, is_variable: true })
    }

    /// Calls what can only be a helper.
    fn helper(
        &mut self,
        frame: &Frame<'t>,
        call: &'t Call,
        path: &Path,
        block: Option<(&'t Block, usize)>,
    ) -> Result<Value, RenderError> {
        let first = path.parts.first().map_or("", String::as_str);
        // Of a longer path, handlebars.js reads only the first name here.
        if !path.parts.is_empty() && KNOWN.contains(&first) {
            let Some(helper) = find(first) else { return fail("Cannot read properties of undefined (reading 'call')") };
            let arguments = self.arguments(frame, call)?;
            return self.invoke(frame, helper, first, arguments, block);
        }
        let helper = if is_simple(path) { find(&path.original) } else { None };
        if let Some(helper) = helper {
            let arguments = self.arguments(frame, call)?;
            return self.invoke(frame, helper, &path.original, arguments, block);
        }
        let value = frame.value_of(path, true)?;
        let arguments = self.arguments(frame, call)?;
        match value {
            Value::PartialBlock(number) => {
                let context = arguments.params.into_iter().next().unwrap_or(Value::object([]));
                self.partial_block(number, context, Rc::clone(&frame.scope.data))
            }
            value if value.is_truthy() => not_callable(),
            _ if arguments.params.is_empty() => Ok(Value::Undefined),
            _ => fail(format!("Missing helper: \"{}\"", path.original)),
        }
    }

    fn invoke(
        &mut self,
        frame: &Frame<'t>,
        helper: Helper,
        name: &str,
        Arguments { params, hash }: Arguments,
        block: Option<(&'t Block, usize)>,
    ) -> Result<Value, RenderError> {
        let has_block = block.is_some();
        let parts = match block {
            Some((block, branch)) => self.parts(frame, block, branch)?,
            None => [None, None],
        };
        let this = frame.this(&self.null_context);
        let mut blocks = HelperBlocks { renderer: self, frame, parts, this };
        helper(&mut HelperCall { name, params, hash, has_block, blocks: &mut blocks })
    }

    /// Renders the block of a partial.
    pub(super) fn partial_block(
        &mut self,
        number: usize,
        context: Value,
        data: Rc<Data>,
    ) -> Result<Value, RenderError> {
        let Some(of) = self.partial_blocks.get(number).cloned() else { return Ok(Value::Undefined) };
        let data = Some(data.with_partial_block(of.outer));
        self.run(&of.block, Invocation { context, data, values: Value::Undefined })
    }
}

/// The parts of the block of a helper, and what they need to be rendered.
struct HelperBlocks<'a, 't> {
    renderer: &'a mut Renderer<'t>,
    frame: &'a Frame<'t>,
    parts: Parts<'t>,
    this: Value,
}

impl Blocks for HelperBlocks<'_, '_> {
    fn render(
        &mut self,
        part: Part,
        context: Option<Value>,
        iteration: Option<Iteration>,
        values: Value,
    ) -> Result<Value, RenderError> {
        let [main, inverse] = &self.parts;
        let closure = if part == Part::Main { main } else { inverse };
        // A block that a tag does not have prints nothing.
        let Some(closure) = closure else { return Ok(Value::text("")) };
        let context = context.unwrap_or_else(|| self.this.clone());
        let data = iteration.map(|iteration| self.frame.scope.data.with_iteration(iteration));
        self.renderer.run(closure, Invocation { context, data, values })
    }

    fn context(&self) -> Value {
        self.this.clone()
    }

    fn resolve(&mut self, value: Value) -> Result<Value, RenderError> {
        match value {
            Value::PartialBlock(number) => {
                let missing = self.renderer.missing_count();
                let text = self.renderer.partial_block(number, Value::Undefined, Rc::default());
                self.renderer.forget_missing(missing);
                text
            }
            other => Ok(other),
        }
    }
}
