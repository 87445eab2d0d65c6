//! The tree of a workflow's variables, node by node.

use teleflow_catalog::files::{Type, Variable, steps_in_words};
use teleflow_catalog::rules::{Kind, Requirement};

/// A variable of the payload, without what the author omits.
pub(crate) struct ExpectedVariable {
    name: String,
    variable: Variable,
    /// The paths that the author omits.
    omitted: Vec<String>,
}

/// A variable of the payload, or an element or a field inside it.
pub(crate) struct Node<'a> {
    /// `items[].sku`
    pub path: String,
    pub name: &'a str,
    pub position: Position,
    steps: String,
    variable: &'a Variable,
    omitted: &'a [String],
}

/// How a node is reached from its parent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// The node is the variable itself.
    Root,
    /// The node is an element of its parent, an array.
    Element,
    /// The node is a field of its parent, an object.
    Field,
}

impl ExpectedVariable {
    /// `None` if the author omits the whole variable.
    pub(crate) fn new(name: &str, variable: &Variable, omitted: &[String]) -> Option<Self> {
        let is_omitted = omitted.iter().any(|path| path == name);
        (!is_omitted).then(|| Self { name: name.to_owned(), variable: variable.clone(), omitted: omitted.to_vec() })
    }

    /// Accepts `null`, since serde skips the field instead of serializing it.
    pub(crate) fn accept_null(&mut self) {
        self.variable.nullable = true;
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node::root(&self.name, &self.variable, &self.omitted)
    }
}

/// The paths of all variables: `items`, `items[]`, `items[].sku`.
pub(crate) fn paths<'a>(variables: impl IntoIterator<Item = (&'a String, &'a Variable)>) -> Vec<String> {
    fn add(node: Node<'_>, paths: &mut Vec<String>) {
        let children = node.children();
        paths.push(node.path);
        for child in children {
            add(child, paths);
        }
    }
    let mut paths = Vec::new();
    for (name, variable) in variables {
        add(Node::root(name, variable, &[]), &mut paths);
    }
    paths
}

impl<'a> Node<'a> {
    fn root(name: &'a str, variable: &'a Variable, omitted: &'a [String]) -> Self {
        let steps = steps_in_words(&variable.steps);
        Self { path: name.to_owned(), name, position: Position::Root, steps, variable, omitted }
    }

    /// The elements or the fields of the node, without those that the author omits.
    pub(crate) fn children(&self) -> Vec<Self> {
        let child = |path: String, name, position, variable: &'a Variable| {
            let is_omitted = self.omitted.contains(&path);
            let steps = || steps_in_words(&variable.steps);
            (!is_omitted).then(|| Self { path, name, position, steps: steps(), variable, omitted: self.omitted })
        };
        match &self.variable.ty {
            Type::Array(Some(element)) => {
                child(format!("{}[]", self.path), "", Position::Element, element).into_iter().collect()
            }
            Type::Object(fields) => {
                let fields = fields.iter().filter_map(|(name, field)| {
                    child(format!("{}.{name}", self.path), name.as_str(), Position::Field, field)
                });
                fields.collect()
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn requirement(&self) -> Requirement<'_> {
        let Variable { required, exact, nullable, .. } = *self.variable;
        let kind = self.variable.ty.kind();
        Requirement { path: &self.path, name: self.name, kind, required, exact, nullable, steps: &self.steps }
    }

    /// The only strings that a schema allows; empty if it does not list them.
    pub(crate) fn allowed_values(&self) -> Vec<&'a str> {
        self.variable.allowed.iter().filter_map(|value| value.as_str()).collect()
    }

    /// The only fields that a schema allows, if it forbids others.
    pub(crate) fn allowed_fields(&self) -> Option<Vec<&'a str>> {
        match &self.variable.ty {
            Type::Object(fields) if self.variable.closed => Some(fields.keys().map(String::as_str).collect()),
            _ => None,
        }
    }

    /// Whether a schema lists the values or the fields of the node.
    pub(crate) fn has_lists(&self) -> bool {
        !self.allowed_values().is_empty() || self.allowed_fields().is_some()
    }

    /// Whether every value is accepted, `null` included.
    pub(crate) fn accepts_anything(&self) -> bool {
        let Variable { required, exact, .. } = *self.variable;
        let kind = self.variable.ty.kind();
        !required && !self.has_lists() && (kind == Kind::Any || (kind == Kind::Boolean && !exact))
    }
}
