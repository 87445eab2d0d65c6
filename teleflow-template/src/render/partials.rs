//! Renders partials. A template has no partials but those that it defines itself.

use std::rc::Rc;

use super::calls::name_of;
use super::closure::{Body, Closure, InlinePartials, Invocation, PartialBlock, Scope};
use super::coerce::to_text;
use super::error::{RenderError, fail};
use super::list::List;
use super::renderer::{Frame, Renderer};
use super::value::Value;
use crate::ast::{BlockKind, Call, Expression, Program, Span, Statement};

/// Rejects partials with more than one argument, also where they are not rendered.
pub(super) fn check(program: &Program, source: &str) -> Result<(), RenderError> {
    for statement in program {
        match statement {
            Statement::Partial(partial) => check_call(&partial.call, partial.span, source)?,
            Statement::Block(block) => {
                for branch in &block.branches {
                    if block.kind == BlockKind::Partial {
                        check_call(&branch.call, block.span, source)?;
                    }
                    check(&branch.program, source)?;
                }
                block.inverse.as_ref().map_or(Ok(()), |inverse| check(&inverse.program, source))?;
            }
            Statement::Text(_) | Statement::Comment(_) | Statement::Mustache(_) => {}
        }
    }
    Ok(())
}

fn check_call(call: &Call, span: Span, source: &str) -> Result<(), RenderError> {
    let count = call.params.len();
    if count < 2 {
        return Ok(());
    }
    let before = source.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.encode_utf16().count());
    fail(format!("Unsupported number of partial arguments: {count} - {line}:{column}"))
}

impl<'t> Renderer<'t> {
    /// Makes a block that waits to be rendered. Its inline partials are made at once.
    pub(super) fn closure(
        &mut self,
        scope: &Scope<'t>,
        body: Body<'t>,
        params: &'t [String],
    ) -> Result<Rc<Closure<'t>>, RenderError> {
        let inline = match body {
            Body::Program(program) => self.inline_partials(scope, program, params)?,
            Body::Chain(..) => InlinePartials::new(),
        };
        Ok(Rc::new(Closure { body, params, scope: scope.clone(), inline: Rc::new(inline) }))
    }

    /// Makes the inline partials of a block. They see the context around the block, and the names of its parameters.
    fn inline_partials(
        &mut self,
        scope: &Scope<'t>,
        program: &'t Program,
        params: &'t [String],
    ) -> Result<InlinePartials<'t>, RenderError> {
        let mut inline = InlinePartials::new();
        for statement in program {
            let (call, branch) = match statement {
                Statement::Mustache(mustache) if mustache.decorator => (&mustache.call, None),
                Statement::Block(block) if block.kind == BlockKind::Decorator => match block.branches.first() {
                    Some(branch) => (&branch.call, Some(branch)),
                    None => continue,
                },
                _ => continue,
            };
            if name_of(&call.callee).original != "inline" {
                return fail("lookupProperty(...) is not a function");
            }
            self.spend(0)?;
            let context = scope.contexts.get(0).cloned().unwrap_or(Value::Undefined);
            let scope = Scope { names: scope.names.with(params), ..scope.clone() };
            let arguments = call.params.iter().chain(call.hash.iter().map(|pair| &pair.value));
            if arguments.into_iter().any(|argument| matches!(argument, Expression::Call(_))) {
                return fail("helpers is not defined");
            }
            let frame = Frame { context, scope, partials: List::new() };
            let name = self.arguments(&frame, call)?.params.into_iter().next().unwrap_or(Value::Undefined);
            let block = match branch {
                Some(branch) => {
                    Some(self.closure(&frame.scope, Body::Program(&branch.program), &branch.block_params)?)
                }
                None => None,
            };
            inline.insert(to_text(&name), block);
        }
        Ok(inline)
    }

    /// Renders a partial. `fallback`: the block of the tag, which is rendered if there is no such partial.
    pub(super) fn partial(
        &mut self,
        frame: &Frame<'t>,
        call: &'t Call,
        indent: &str,
        fallback: Option<&'t Program>,
    ) -> Result<Value, RenderError> {
        let name = self.partial_name(frame, &call.callee)?;
        let arguments = self.arguments(frame, call)?;
        let context = arguments.params.into_iter().next().unwrap_or_else(|| frame.context.clone());
        let context = match call.hash.as_slice() {
            [] => context,
            _ => Value::object(context.entries().into_iter().chain(arguments.hash)),
        };
        let (count, outer) = (self.partial_blocks.len(), frame.scope.data.partial_block.clone());
        let mut data = Rc::clone(&frame.scope.data);
        if let Some(program) = fallback {
            let block = self.closure(&frame.scope, Body::Program(program), &[])?;
            data = data.with_partial_block(Some(Value::PartialBlock(count)));
            self.partial_blocks.push(PartialBlock { block, outer: outer.clone() });
        }
        let value = match (Self::find_partial(frame, &name), outer) {
            (Some(partial), _) => {
                let values = match partial.params {
                    [] => Value::Undefined,
                    _ => Value::array(frame.scope.values.iter().cloned().collect()),
                };
                self.run(&partial, Invocation { context, data: Some(data), values })
            }
            (None, Some(Value::PartialBlock(number))) if is_partial_block(&call.callee) => {
                self.partial_block(number, context, data)
            }
            _ if fallback.is_some() => self.partial_block(count, context, data),
            _ => fail(format!("The partial {name} could not be found")),
        }?;
        self.partial_blocks.truncate(count);
        if indent.is_empty() {
            return Ok(value);
        }
        let Value::String(text) = &value else { return fail("result.split is not a function") };
        let lines = text.split_inclusive('\n');
        self.spend(lines.clone().count().saturating_mul(indent.len()))?;
        Ok(Value::text(lines.flat_map(|line| [indent, line]).collect::<String>()))
    }

    fn partial_name(&mut self, frame: &Frame<'t>, callee: &'t Expression) -> Result<Rc<str>, RenderError> {
        let Expression::Call(call) = callee else { return Ok(Rc::from(name_of(callee).original.as_str())) };
        let name = self.sub_expression(frame, call)?;
        Ok(if name.is_truthy() { to_text(&name) } else { Rc::from("undefined") })
    }
}

/// Whether a name is `@partial-block`, the block of the partial around.
fn is_partial_block(callee: &Expression) -> bool {
    callee.as_path().is_some_and(|path| path.original == "@partial-block")
}
