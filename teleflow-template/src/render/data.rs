//! The data that `@` reads: `@root`, `@index` and others.

use std::rc::Rc;

use super::value::Value;

/// The values that one `{{#each}}` sets.
#[derive(Debug, Clone)]
pub(super) struct Iteration {
    pub(super) key: Value,
    pub(super) index: usize,
    pub(super) is_last: bool,
}

/// The data of a block. A block inside has a copy with changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Data {
    root: Option<Value>,
    iteration: Option<Iteration>,
    pub(super) partial_block: Option<Value>,
    parent: Option<Rc<Data>>,
}

impl Data {
    pub(super) fn of_root(root: Value) -> Self {
        Self { root: Some(root), ..Self::default() }
    }

    fn child(parent: &Rc<Self>) -> Self {
        Self { parent: Some(Rc::clone(parent)), ..Self::clone(parent) }
    }

    pub(super) fn with_iteration(self: &Rc<Self>, iteration: Iteration) -> Rc<Self> {
        Rc::new(Self { iteration: Some(iteration), ..Self::child(self) })
    }

    pub(super) fn with_partial_block(self: &Rc<Self>, block: Option<Value>) -> Rc<Self> {
        Rc::new(Self { partial_block: block, ..Self::child(self) })
    }

    /// The data that `@../` reads, for a number of `../`.
    pub(super) fn above(self: &Rc<Self>, depth: usize) -> Option<&Rc<Self>> {
        let mut data = Some(self);
        for _ in 0..depth {
            data = data?.parent.as_ref();
        }
        data
    }

    pub(super) fn get(&self, name: &str) -> Value {
        let iteration = self.iteration.as_ref();
        let value = match name {
            "root" => self.root.clone(),
            "partial-block" => self.partial_block.clone(),
            "key" => iteration.map(|iteration| iteration.key.clone()),
            "index" => iteration.map(|iteration| Value::Number(iteration.index as f64)),
            "first" => iteration.map(|iteration| Value::Boolean(iteration.index == 0)),
            "last" => iteration.map(|iteration| Value::Boolean(iteration.is_last)),
            "_parent" => self.parent.as_ref().map(|parent| parent.to_object()),
            _ => None,
        };
        value.unwrap_or(Value::Undefined)
    }

    fn to_object(&self) -> Value {
        let names = ["root", "partial-block", "key", "index", "first", "last", "_parent"];
        let entries = names.into_iter().map(|name| (Rc::from(name), self.get(name)));
        Value::object(entries.filter(|(_, value)| !value.is_undefined()))
    }
}
