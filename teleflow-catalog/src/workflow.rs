//! A workflow, as a catalog's file tells of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::want::Kind;

/// A workflow, as far as its payload is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// The trigger identifier.
    pub trigger: String,
    /// The name that people gave it.
    pub name: String,
    /// Switched on.
    pub active: bool,
    /// Who reads variables of the actor.
    pub actor: Option<Need>,
    /// Who reads variables of the tenant.
    pub tenant: Option<Need>,
    /// The payload's variables by name.
    pub variables: BTreeMap<String, Variable>,
    /// The JSON Schema of the payload, where the server has one.
    pub schema: Option<Value>,
}

/// An actor or a tenant is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// The server refuses events without it; otherwise templates are rendered with holes.
    pub required: bool,
    /// The steps that read it.
    pub steps: Vec<String>,
}

/// A variable of the payload, or of what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it takes.
    pub ty: Type,
    /// The server refuses an event without it.
    pub required: bool,
    /// The server refuses what is not exactly of its kind: a schema says so.
    pub exact: bool,
    /// The steps that read it.
    pub steps: Vec<String>,
}

/// What a variable takes, with what is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Anything.
    Any,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// The moment at which a scheduled delay ends.
    Date,
    /// A list; what its elements take, if anything is known of them.
    Array(Option<Box<Variable>>),
    /// An object, and what is known of its fields.
    Object(BTreeMap<String, Variable>),
}

impl Type {
    /// The kind, without what is inside.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Any => Kind::Any,
            Self::String => Kind::String,
            Self::Number => Kind::Number,
            Self::Boolean => Kind::Boolean,
            Self::Date => Kind::Date,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }
}

impl Variable {
    /// A variable that templates only render, read by no step so far.
    #[must_use]
    pub fn rendered(ty: Type) -> Self {
        Self { ty, required: false, exact: false, steps: Vec::new() }
    }
}

impl Workflow {
    /// The variable at a path as messages show it: `items[].sku`.
    #[must_use]
    pub fn variable(&self, path: &str) -> Option<&Variable> {
        fn inside<'a>(variable: &'a Variable, rest: &str) -> Option<&'a Variable> {
            match &variable.ty {
                _ if rest.is_empty() => Some(variable),
                Type::Array(Some(element)) => inside(element, rest.strip_prefix("[]")?),
                Type::Object(fields) => among(fields, rest.strip_prefix('.')?),
                _ => None,
            }
        }
        // A name may have dots and brackets itself.
        fn among<'a>(variables: &'a BTreeMap<String, Variable>, path: &str) -> Option<&'a Variable> {
            variables.iter().find_map(|(name, variable)| inside(variable, path.strip_prefix(name.as_str())?))
        }
        among(&self.variables, path)
    }
}

/// "step `email`", "steps `email` and `sms`".
#[must_use]
pub fn steps_in_words(steps: &[String]) -> String {
    let quoted: Vec<String> = steps.iter().map(|step| format!("`{step}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => format!("step {only}"),
        [rest @ .., last] => format!("steps {} and {last}", rest.join(", ")),
    }
}
