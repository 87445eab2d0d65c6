//! What a workflow wants of one variable and of what is inside it, as a walk through the payload.

use teleflow_catalog::files::{Type, Variable, steps_in_words};
use teleflow_catalog::rules::{Kind, Requirement};

/// One place in the payload that the workflow reads.
pub(crate) struct Node {
    path: String,
    name: String,
    kind: Kind,
    required: bool,
    exact: bool,
    nullable: bool,
    steps: String,
    /// The only strings that it may be; empty if a schema does not say so.
    pub allowed: Vec<String>,
    /// The only fields that it may have, if a schema says so.
    pub closed: Option<Vec<String>>,
    pub from: From,
}

/// How to get to a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// It is the variable itself.
    Payload,
    /// An element of the list with this index among the nodes.
    List(usize),
    /// A field of the object with this index among the nodes.
    Object(usize),
}

/// The variable, and what is inside it: each node after the one that holds it. Without what is left out on purpose.
pub(crate) fn nodes(name: &str, variable: &Variable, is_omitted: &dyn Fn(&str) -> bool) -> Vec<Node> {
    let mut nodes = Vec::new();
    add(&mut nodes, name.to_owned(), name, variable, From::Payload, is_omitted);
    nodes
}

fn add(
    nodes: &mut Vec<Node>,
    path: String,
    name: &str,
    variable: &Variable,
    from: From,
    is_omitted: &dyn Fn(&str) -> bool,
) {
    if is_omitted(&path) {
        return;
    }
    let index = nodes.len();
    nodes.push(Node {
        path: path.clone(),
        name: name.to_owned(),
        kind: variable.ty.kind(),
        required: variable.required,
        exact: variable.exact,
        nullable: variable.nullable,
        steps: steps_in_words(&variable.steps),
        allowed: variable.allowed.iter().filter_map(|value| Some(value.as_str()?.to_owned())).collect(),
        closed: match &variable.ty {
            Type::Object(fields) if variable.closed => Some(fields.keys().cloned().collect()),
            _ => None,
        },
        from,
    });
    match &variable.ty {
        Type::Array(Some(element)) => add(nodes, path + "[]", "", element, From::List(index), is_omitted),
        Type::Object(fields) => {
            for (name, field) in fields {
                add(nodes, format!("{path}.{name}"), name, field, From::Object(index), is_omitted);
            }
        }
        _ => {}
    }
}

/// The paths of all variables, as messages show them.
pub(crate) fn paths<'a>(variables: impl IntoIterator<Item = (&'a String, &'a Variable)>) -> Vec<String> {
    let nodes = variables.into_iter().flat_map(|(name, variable)| nodes(name, variable, &|_| false));
    nodes.map(|node| node.path).collect()
}

impl Node {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Is it an element or a field of the node with this index?
    pub(crate) fn is_inside(&self, node: usize) -> bool {
        matches!(self.from, From::List(at) | From::Object(at) if at == node)
    }

    /// Is more asked of its type than whether it fits?
    pub(crate) fn asks_more(&self) -> bool {
        self.closed.is_some() || !self.allowed.is_empty()
    }

    /// There is nothing that would not fit, `null` included.
    pub(crate) fn takes_anything(&self) -> bool {
        !self.required && !self.asks_more() && (self.kind == Kind::Any || (self.kind == Kind::Boolean && !self.exact))
    }

    /// serde leaves the field out where it would be `null`.
    pub(crate) fn accept_null(&mut self) {
        self.nullable = true;
    }

    pub(crate) fn requirement(&self) -> Requirement<'_> {
        let Self { path, name, kind, required, exact, nullable, steps, .. } = self;
        Requirement { path, name, kind: *kind, required: *required, exact: *exact, nullable: *nullable, steps }
    }
}
