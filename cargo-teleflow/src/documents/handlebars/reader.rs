//! A parsed template → the places that it reads.

use std::collections::BTreeMap;

use teleflow_template::{Block, BlockKind, Branch, Call, Expression, Partial, Path, Program, Statement};

use super::Places;
use super::value::Value;
use crate::documents::scope::Scope;
use crate::documents::usage::{DEEPEST, Evidence, Place};

/// How deep programs inside programs are read: inline partials may include each other.
const MOST_NESTED: usize = 150;

pub(super) struct Reader<'t> {
    /// What `this` is in the blocks around, outermost first.
    contexts: Vec<Value>,
    /// Names given by `as |name|`, and their values.
    names: Scope<'t, Value>,
    /// The inline partials that no tag has included so far.
    partials: BTreeMap<&'t str, &'t Program>,
    /// How many programs are around.
    depth: usize,
    found: Places,
}

impl<'t> Reader<'t> {
    pub(super) fn read(program: &'t Program) -> Places {
        let contexts = vec![Value::At(Vec::new())];
        let mut reader =
            Self { contexts, names: Scope::default(), partials: BTreeMap::new(), depth: 0, found: Vec::new() };
        reader.program(program);
        reader.found
    }

    fn program(&mut self, program: &'t Program) {
        if self.depth == MOST_NESTED {
            return;
        }
        self.depth += 1;
        for statement in program {
            match statement {
                Statement::Text(_) | Statement::Comment(_) => {}
                Statement::Mustache(mustache) if mustache.decorator => {}
                Statement::Mustache(mustache) => self.mustache(&mustache.call),
                Statement::Partial(partial) => self.partial(partial),
                Statement::Block(block) => self.block(block),
            }
        }
        self.depth -= 1;
    }

    fn mustache(&mut self, call: &'t Call) {
        if self.is_call(call) {
            self.call(call, Evidence::Used);
        } else {
            self.callee(call, Evidence::Rendered);
        }
    }

    /// Does the call lead to a helper, or is its name a variable?
    fn is_call(&self, call: &Call) -> bool {
        let has_arguments = !call.params.is_empty() || !call.hash.is_empty();
        let is_alias = |name: &str| self.names.get(name).is_some();
        has_arguments || helper(call).is_some_and(|name| is_helper(name) && !is_alias(name))
    }

    /// A variable in the place of a helper's name.
    fn callee(&mut self, call: &Call, how: Evidence) -> Value {
        let value = match &call.callee {
            Expression::Path(path) => self.path(path),
            // A literal is the name of a variable there.
            Expression::String(name, _) => self.context(0).field(name),
            Expression::Number(number, _) => self.context(0).field(&number.to_string()),
            _ => Value::Unknown,
        };
        self.note(&value, how);
        value
    }

    fn partial(&mut self, partial: &'t Partial) {
        let given = partial.call.params.first().map(|parameter| self.value(parameter, Evidence::Used));
        let names = self.names.len();
        for pair in &partial.call.hash {
            let value = self.value(&pair.value, Evidence::Used);
            self.names.push(&pair.key, value);
        }
        let name = match &partial.call.callee {
            Expression::Path(path) => path.original.as_str(),
            Expression::String(name, _) => name,
            _ => "",
        };
        // Each is read once: it may include itself.
        if let Some(program) = self.partials.remove(name) {
            match given {
                Some(context) => self.entered(program, &[], context),
                None => self.program(program),
            }
        }
        self.names.truncate(names);
    }

    fn block(&mut self, block: &'t Block) {
        if block.kind == BlockKind::Decorator {
            if let Some(branch) = block.branches.first()
                && let Some(Expression::String(name, _)) = branch.call.params.first()
            {
                self.partials.insert(name, &branch.program);
            }
            return;
        }
        for branch in &block.branches {
            self.branch(block.kind, branch, block.inverse.as_ref().map(|inverse| &inverse.program));
        }
        if let (Some(inverse), true) = (&block.inverse, block.kind != BlockKind::Inverted) {
            self.program(&inverse.program);
        }
    }

    fn branch(&mut self, kind: BlockKind, branch: &'t Branch, inverse: Option<&'t Program>) {
        let call = &branch.call;
        let context = match kind {
            BlockKind::Partial => {
                call.params.iter().for_each(|parameter| drop(self.value(parameter, Evidence::Used)));
                None
            }
            BlockKind::Raw if !self.is_call(call) => None,
            _ => self.opened(call),
        };
        // What is rendered if the block's condition holds.
        let program = match kind {
            // Tags inside are text.
            BlockKind::Raw => return,
            BlockKind::Inverted => {
                self.program(&branch.program);
                inverse
            }
            _ => Some(&branch.program),
        };
        match (program, context) {
            (Some(program), Some(context)) => self.entered(program, &branch.block_params, context),
            (Some(program), None) => self.program(program),
            (None, _) => {}
        }
    }

    /// What `this` is in a block with this start tag; None if it is what it was.
    fn opened(&mut self, call: &'t Call) -> Option<Value> {
        if !self.is_call(call) {
            self.callee(call, Evidence::Used);
            // An element, an object, or what it was: that depends on the variable.
            return Some(Value::Unknown);
        }
        let how = match helper(call) {
            Some("each") => Evidence::Iterated,
            Some("if" | "unless") => Evidence::Asked,
            _ => Evidence::Used,
        };
        let mut given = Value::Unknown;
        for (index, parameter) in call.params.iter().enumerate() {
            let value = self.value(parameter, if index == 0 { how } else { Evidence::Used });
            given = if index == 0 { value } else { given };
        }
        self.hash(call);
        match helper(call) {
            Some("each") => Some(given.element()),
            Some("with") => Some(given),
            _ => None,
        }
    }

    /// What is inside a block where `this` is something else.
    fn entered(&mut self, program: &'t Program, params: &'t [String], context: Value) {
        let names = self.names.len();
        let values = [context.clone(), Value::Unknown];
        params.iter().zip(values).for_each(|(name, value)| self.names.push(name, value));
        self.contexts.push(context);
        self.program(program);
        self.contexts.pop();
        self.names.truncate(names);
    }

    fn hash(&mut self, call: &'t Call) {
        call.hash.iter().for_each(|pair| drop(self.value(&pair.value, Evidence::Used)));
    }

    /// Notes what an expression reads, and says what it is.
    fn value(&mut self, expression: &'t Expression, how: Evidence) -> Value {
        match expression {
            Expression::Path(path) => {
                let value = self.path(path);
                self.note(&value, how);
                value
            }
            Expression::Call(call) => self.call(call, how),
            _ => Value::Unknown,
        }
    }

    fn call(&mut self, call: &'t Call, how: Evidence) -> Value {
        let name = helper(call).unwrap_or_default();
        let makes_list = matches!(name, "sortBy" | "groupBy" | "unique");
        let how_first = if makes_list { Evidence::Iterated } else { Evidence::Used };
        let mut params = call.params.iter();
        let first = params.next().map_or(Value::Unknown, |first| match name {
            "lookup" => self.looked_in(first, call.params.get(1)),
            _ => self.value(first, how_first),
        });
        params.for_each(|parameter| drop(self.value(parameter, Evidence::Used)));
        self.hash(call);
        let property = match call.params.get(1) {
            Some(Expression::String(name, _)) => Some(name.as_str()),
            _ => None,
        };
        let of_element = |property| first.clone().element().field(property);
        if let (true, Some(property)) = (makes_list, property) {
            self.note(&of_element(property), Evidence::Used);
        }
        match (name, property, call.params.get(1)) {
            ("sortBy", ..) => first,
            ("groupBy", ..) => Value::List(Box::new(Value::Group(Box::new(first)))),
            ("unique", Some(property), _) => Value::List(Box::new(of_element(property))),
            ("lookup", Some(key), _) => self.noted(first.field(key), how),
            ("lookup", None, Some(key)) if is_position(key) => self.noted(first.element(), how),
            _ => Value::Unknown,
        }
    }

    /// The first argument of `lookup`.
    fn looked_in(&mut self, of: &'t Expression, key: Option<&Expression>) -> Value {
        let how = match key {
            Some(Expression::Path(path)) if path.data && path.parts == ["index"] => Evidence::Iterated,
            Some(Expression::Path(_) | Expression::Call(_)) => Evidence::Keyed,
            _ => Evidence::Used,
        };
        self.value(of, how)
    }

    fn noted(&mut self, value: Value, how: Evidence) -> Value {
        self.note(&value, how);
        value
    }

    fn note(&mut self, value: &Value, how: Evidence) {
        let Value::At(way) = value else { return };
        // A list and a text have a length: what is read is the whole.
        let is_length = |place: &Place| matches!(place, Place::Field(name) if name == "length");
        let length = way.iter().skip(1).position(is_length).map(|at| at + 1);
        let whole = way.get(..length.unwrap_or(way.len())).unwrap_or_default();
        // Whether there is an element tells nothing of what it is.
        let is_element = whole.last() == Some(&Place::Element) && how == Evidence::Asked;
        let how = if length.is_some() || is_element { Evidence::Used } else { how };
        if !whole.is_empty() {
            self.found.push((whole.to_vec(), how));
        }
    }

    fn path(&self, path: &Path) -> Value {
        let names = path.parts.as_slice();
        let (start, rest) = match names {
            [root, rest @ ..] if path.data => {
                let is_root = root == "root" && path.depth == 0;
                (if is_root { Value::At(Vec::new()) } else { Value::Unknown }, rest)
            }
            [first, rest @ ..] if path.depth == 0 && !path.is_scoped() => match self.names.get(first) {
                Some(value) => (value.clone(), rest),
                None => (self.context(0), names),
            },
            _ if path.data => (Value::Unknown, names),
            _ => (self.context(path.depth), names),
        };
        rest.iter().take(DEEPEST + 1).fold(start, |value, name| value.field(name))
    }

    /// What `this` is so many contexts up.
    fn context(&self, up: usize) -> Value {
        self.contexts.iter().rev().nth(up).cloned().unwrap_or(Value::Unknown)
    }
}

/// The name of the helper that a call leads to.
fn helper(call: &Call) -> Option<&str> {
    match &call.callee {
        Expression::Path(path) if !path.data && path.depth == 0 && !path.is_scoped() => match path.parts.as_slice() {
            [name] => Some(name),
            _ => None,
        },
        Expression::String(name, _) => Some(name),
        _ => None,
    }
}

/// Is a key of `lookup` a position in a list?
fn is_position(key: &Expression) -> bool {
    match key {
        Expression::Number(..) => true,
        Expression::Path(path) => path.data && path.parts == ["index"],
        _ => false,
    }
}

/// The server's helpers. Their names win over those of variables.
// Source: compile-template.usecase.ts, and those that Handlebars has itself.
fn is_helper(name: &str) -> bool {
    matches!(
        name,
        "blockHelperMissing"
            | "dateFormat"
            | "each"
            | "eq"
            | "equals"
            | "groupBy"
            | "gt"
            | "gte"
            | "helperMissing"
            | "i18n"
            | "if"
            | "log"
            | "lookup"
            | "lowercase"
            | "lt"
            | "lte"
            | "ne"
            | "numberFormat"
            | "pluralize"
            | "sortBy"
            | "titlecase"
            | "unique"
            | "unless"
            | "uppercase"
            | "with"
    )
}
