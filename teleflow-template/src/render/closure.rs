//! Blocks that wait to be rendered, with the values that were visible where they were made.

use std::collections::HashMap;
use std::rc::Rc;

use super::data::Data;
use super::list::List;
use super::value::Value;
use crate::ast::{Block, Program};

/// The statements to render.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body<'t> {
    Program(&'t Program),
    /// `{{else name}}…`: the block from this branch on.
    Chain(&'t Block, usize),
}

/// The variables outside of the contexts. handlebars.js keeps the names of block parameters when it compiles, and their values
/// when it renders. The values of a block inside an inline partial may be at other positions than their names.
#[derive(Debug, Clone)]
pub(super) struct Scope<'t> {
    pub(super) data: Rc<Data>,
    /// The names of the block parameters of each block around.
    pub(super) names: List<&'t [String]>,
    /// Their values: an array for each block, or `undefined` if the helper of the block has set none.
    pub(super) values: List<Value>,
    /// The context, and those that `../` reaches.
    pub(super) contexts: List<Value>,
}

/// A block, with the scope around it.
#[derive(Debug)]
pub(super) struct Closure<'t> {
    pub(super) body: Body<'t>,
    pub(super) params: &'t [String],
    pub(super) scope: Scope<'t>,
    /// The inline partials that the body defines.
    pub(super) inline: Rc<InlinePartials<'t>>,
}

/// Partials that a template defines itself, by their names. Without a block, one is defined, but cannot be found.
pub(super) type InlinePartials<'t> = HashMap<Rc<str>, Option<Rc<Closure<'t>>>>;

/// The block of `{{#> partial}}…{{/partial}}`.
#[derive(Debug, Clone)]
pub(super) struct PartialBlock<'t> {
    pub(super) block: Rc<Closure<'t>>,
    /// `@partial-block` inside of the block.
    pub(super) outer: Option<Value>,
}

/// The values for one rendering of a block.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) context: Value,
    /// In place of the data where the block was made.
    pub(super) data: Option<Rc<Data>>,
    /// The values of the block parameters.
    pub(super) values: Value,
}
