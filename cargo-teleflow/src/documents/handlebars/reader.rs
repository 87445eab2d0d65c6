//! Finds the paths that a parsed template reads.

use std::collections::BTreeMap;

use teleflow_template::{Block, BlockKind, Branch, Call, Expression, Partial, Path, Program, Statement};

use super::value::Value;
use crate::documents::path::{MAX_DEPTH, Segment};
use crate::documents::scope::Scope;
use crate::documents::usage::Evidence;

/// The deepest nesting of programs. Inline partials may include each other.
const MAX_NESTED: usize = 150;

/// Paths from the template's root context, and how they are used.
pub(super) type PathUsages = Vec<(Vec<Segment>, Evidence)>;

/// Finds the paths that a program reads.
pub(super) fn read(program: &Program) -> PathUsages {
    let mut reader = Reader {
        contexts: vec![Value::Variable(Vec::new())],
        names: Scope::default(),
        partials: BTreeMap::new(),
        depth: 0,
        found: Vec::new(),
    };
    reader.program(program);
    reader.found
}

struct Reader<'t> {
    /// The value of `this` in each enclosing block, outermost first.
    contexts: Vec<Value>,
    /// The names that `as |name|` declares, and their values.
    names: Scope<'t, Value>,
    /// The inline partials that no tag has included yet.
    partials: BTreeMap<&'t str, &'t Program>,
    /// The number of enclosing programs.
    depth: usize,
    found: PathUsages,
}

impl<'t> Reader<'t> {
    fn program(&mut self, program: &'t Program) {
        if self.depth == MAX_NESTED {
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

    /// Returns whether the call is of a helper. Otherwise its name is that of a variable.
    fn is_call(&self, call: &Call) -> bool {
        let has_arguments = !call.params.is_empty() || !call.hash.is_empty();
        let is_alias = |name: &str| self.names.get(name).is_some();
        has_arguments || helper(call).is_some_and(|name| is_helper(name) && !is_alias(name))
    }

    /// Reads a variable in the position of a helper's name.
    fn callee(&mut self, call: &Call, evidence: Evidence) -> Value {
        let value = match &call.callee {
            Expression::Path(path) => self.path(path),
            // A literal names a variable.
            Expression::String(name, _) => self.context(0).field(name),
            Expression::Number(number, _) => self.context(0).field(&number.to_string()),
            _ => Value::Unknown,
        };
        self.record(&value, evidence);
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
        // Each partial is read once, since it may include itself.
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
        // The program that is rendered if the block's condition is true.
        let program = match kind {
            // Tags inside a raw block are text.
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

    /// The value of `this` inside a block with this start tag; `None` if it does not change.
    fn opened(&mut self, call: &'t Call) -> Option<Value> {
        if !self.is_call(call) {
            self.callee(call, Evidence::Used);
            // Depending on the variable: an element, an object, or the same as outside.
            return Some(Value::Unknown);
        }
        let evidence = match helper(call) {
            Some("each") => Evidence::Iterated,
            Some("if" | "unless") => Evidence::Tested,
            _ => Evidence::Used,
        };
        let mut given = Value::Unknown;
        for (index, parameter) in call.params.iter().enumerate() {
            let value = self.value(parameter, if index == 0 { evidence } else { Evidence::Used });
            given = if index == 0 { value } else { given };
        }
        self.hash(call);
        match helper(call) {
            Some("each") => Some(given.element()),
            Some("with") => Some(given),
            _ => None,
        }
    }

    /// Reads a program with a new value of `this`.
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

    /// Records what an expression reads, and returns its value.
    fn value(&mut self, expression: &'t Expression, evidence: Evidence) -> Value {
        match expression {
            Expression::Path(path) => {
                let value = self.path(path);
                self.record(&value, evidence);
                value
            }
            Expression::Call(call) => self.call(call, evidence),
            _ => Value::Unknown,
        }
    }

    fn call(&mut self, call: &'t Call, evidence: Evidence) -> Value {
        let name = helper(call).unwrap_or_default();
        let returns_array = matches!(name, "sortBy" | "groupBy" | "unique");
        let first_evidence = if returns_array { Evidence::Iterated } else { Evidence::Used };
        let mut params = call.params.iter();
        let first = params.next().map_or(Value::Unknown, |first| match name {
            "lookup" => self.looked_up(first, call.params.get(1)),
            _ => self.value(first, first_evidence),
        });
        params.for_each(|parameter| drop(self.value(parameter, Evidence::Used)));
        self.hash(call);
        let property = match call.params.get(1) {
            Some(Expression::String(name, _)) => Some(name.as_str()),
            _ => None,
        };
        let of_element = |property| first.clone().element().field(property);
        if let (true, Some(property)) = (returns_array, property) {
            self.record(&of_element(property), Evidence::Used);
        }
        match (name, property, call.params.get(1)) {
            ("sortBy", ..) => first,
            ("groupBy", ..) => Value::Array(Box::new(Value::Group(Box::new(first)))),
            ("unique", Some(property), _) => Value::Array(Box::new(of_element(property))),
            ("lookup", Some(key), _) => self.recorded(first.field(key), evidence),
            ("lookup", None, Some(key)) if is_index_key(key) => self.recorded(first.element(), evidence),
            _ => Value::Unknown,
        }
    }

    /// Reads the first argument of `lookup`.
    fn looked_up(&mut self, of: &'t Expression, key: Option<&Expression>) -> Value {
        let evidence = match key {
            Some(Expression::Path(path)) if path.data && path.parts == ["index"] => Evidence::Iterated,
            Some(Expression::Path(_) | Expression::Call(_)) => Evidence::ComputedKey,
            _ => Evidence::Used,
        };
        self.value(of, evidence)
    }

    fn recorded(&mut self, value: Value, evidence: Evidence) -> Value {
        self.record(&value, evidence);
        value
    }

    fn record(&mut self, value: &Value, evidence: Evidence) {
        let Value::Variable(path) = value else { return };
        // Arrays and strings have a length. The usage is of the whole value.
        let is_length = |segment: &Segment| matches!(segment, Segment::Field(name) if name == "length");
        let length = path.iter().skip(1).position(is_length).map(|at| at + 1);
        let whole = path.get(..length.unwrap_or(path.len())).unwrap_or_default();
        // A test whether an element exists does not reveal its type.
        let is_element = whole.last() == Some(&Segment::Element) && evidence == Evidence::Tested;
        let evidence = if length.is_some() || is_element { Evidence::Used } else { evidence };
        if !whole.is_empty() {
            self.found.push((whole.to_vec(), evidence));
        }
    }

    fn path(&self, path: &Path) -> Value {
        let names = path.parts.as_slice();
        let (start, rest) = match names {
            [root, rest @ ..] if path.data => {
                let is_root = root == "root" && path.depth == 0;
                (if is_root { Value::Variable(Vec::new()) } else { Value::Unknown }, rest)
            }
            [first, rest @ ..] if path.depth == 0 && !path.is_scoped() => match self.names.get(first) {
                Some(value) => (value.clone(), rest),
                None => (self.context(0), names),
            },
            _ if path.data => (Value::Unknown, names),
            _ => (self.context(path.depth), names),
        };
        rest.iter().take(MAX_DEPTH + 1).fold(start, |value, name| value.field(name))
    }

    /// The value of `this`, `up` blocks further out.
    fn context(&self, up: usize) -> Value {
        self.contexts.iter().rev().nth(up).cloned().unwrap_or(Value::Unknown)
    }
}

/// The name of the helper that a call may be of.
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

/// Returns whether a key of `lookup` is an index.
fn is_index_key(key: &Expression) -> bool {
    match key {
        Expression::Number(..) => true,
        Expression::Path(path) => path.data && path.parts == ["index"],
        _ => false,
    }
}

/// Returns whether the server has a helper with this name. Helpers take precedence over variables.
// Source: compile-template.usecase.ts, and the helpers of Handlebars.
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
