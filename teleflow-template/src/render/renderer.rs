//! The state of one rendering, and its limits.

use std::collections::HashSet;
use std::rc::Rc;

use super::Missing;
use super::closure::{Closure, InlinePartials, PartialBlock, Scope};
use super::error::{RenderError, fail};
use super::list::List;
use super::value::Value;
use crate::ast::Path;

/// How much may be rendered: one for each statement, and one for each `BYTES_PER_UNIT` of the text of each statement.
/// Text inside blocks counts for each block. Without blocks, the longest output is 128 MB.
const MAX_WORK: usize = 2_000_000;
const BYTES_PER_UNIT: usize = 64;

/// The state of one rendering.
#[derive(Debug)]
pub(super) struct Renderer<'t> {
    /// The inline partials of each block that is being rendered.
    pub(super) partials: List<Rc<InlinePartials<'t>>>,
    pub(super) partial_blocks: Vec<PartialBlock<'t>>,
    /// The context of blocks in place of `null` and `undefined`.
    pub(super) null_context: Value,
    /// The arguments so far of the tag that is being rendered that are `undefined`.
    pub(super) undefined: Vec<Missing>,
    missing: Vec<Missing>,
    missing_at: HashSet<usize>,
    depth: usize,
    max_depth: usize,
    work: usize,
}

impl Renderer<'_> {
    pub(super) fn new(max_depth: usize) -> Self {
        Self {
            partials: List::new(),
            partial_blocks: Vec::new(),
            null_context: Value::object([]),
            undefined: Vec::new(),
            missing: Vec::new(),
            missing_at: HashSet::new(),
            depth: 0,
            max_depth,
            work: 0,
        }
    }
}

/// A block that is being rendered.
#[derive(Debug)]
pub(super) struct Frame<'t> {
    pub(super) context: Value,
    pub(super) scope: Scope<'t>,
    pub(super) partials: List<Rc<InlinePartials<'t>>>,
}

impl Frame<'_> {
    /// The context of the helpers in this block.
    pub(super) fn this(&self, null_context: &Value) -> Value {
        if self.context.is_nullish() { null_context.clone() } else { self.context.clone() }
    }
}

impl<'t> Renderer<'t> {
    pub(super) fn into_missing(self) -> Vec<Missing> {
        self.missing
    }

    pub(super) fn add_missing(&mut self, missing: Missing) {
        if self.missing_at.insert(missing.span.start) {
            self.missing.push(missing);
        }
    }

    pub(super) fn missing_count(&self) -> usize {
        self.missing.len()
    }

    /// Forgets what has been missing since there were `count`, because it was rendered, but is not printed.
    pub(super) fn forget_missing(&mut self, count: usize) {
        for missing in self.missing.drain(count..) {
            self.missing_at.remove(&missing.span.start);
        }
    }

    pub(super) fn enter(&mut self) -> Result<(), RenderError> {
        self.depth += 1;
        if self.is_too_deep() {
            return fail("Maximum call stack size exceeded");
        }
        Ok(())
    }

    /// Whether the rendering has ended because blocks and partials are nested too deep.
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth > self.max_depth
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts one unit, and the bytes of a text.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), RenderError> {
        self.work += 1 + bytes / BYTES_PER_UNIT;
        if self.work > MAX_WORK {
            return fail("Invalid string length");
        }
        Ok(())
    }

    pub(super) fn find_partial(frame: &Frame<'t>, name: &str) -> Option<Rc<Closure<'t>>> {
        frame.partials.iter().find_map(|partials| partials.get(name))?.clone()
    }
}

impl From<&Path> for Missing {
    fn from(path: &Path) -> Self {
        Self { path: path.original.clone(), span: path.span }
    }
}
