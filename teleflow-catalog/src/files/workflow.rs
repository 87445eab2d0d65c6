//! The workflow that a workflow file describes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rules::Kind;

/// A workflow and the variables of its payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// The trigger identifier.
    pub trigger: String,
    /// The name that the dashboard shows.
    pub name: String,
    /// Switched on. The server drops the events of a workflow that is not.
    pub active: bool,
    /// The steps that read variables of the actor, if any.
    pub actor: Option<Need>,
    /// The steps that read variables of the tenant, if any.
    pub tenant: Option<Need>,
    /// The variables of the payload by name.
    pub variables: BTreeMap<String, Variable>,
    /// Variables that e-mail templates read and the server sets itself: `subject`, `body`, `blocks`. They hide the payload's
    /// variables of the same name.
    pub email_reads: Vec<String>,
    /// A schema makes the server reject payloads with other variables.
    pub closed: bool,
    /// The JSON Schema of the payload, if the server has one.
    pub schema: Option<Value>,
}

/// A workflow's use of the actor or the tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// The server rejects events without it. Otherwise templates are rendered with gaps.
    pub required: bool,
    /// The steps that read it.
    pub steps: Vec<String>,
}

/// A variable of the payload, a field of an object, or the elements of an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The values that it accepts.
    pub ty: Type,
    /// The server rejects an event without it.
    pub required: bool,
    /// A schema makes the server reject values of another kind.
    pub exact: bool,
    /// A schema accepts `null` as well.
    pub nullable: bool,
    /// A schema makes the server reject fields other than those of the [`Type::Object`].
    pub closed: bool,
    /// The only values that a schema accepts; empty if it does not list them.
    pub allowed: Vec<Value>,
    /// The steps that read it.
    pub steps: Vec<String>,
}

/// The values that a variable accepts.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any value.
    Any,
    /// A string.
    String,
    /// A number.
    Number,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// The date at which a scheduled delay ends.
    Date,
    /// An array, with its elements if the server declares or uses them.
    Array(Option<Box<Variable>>),
    /// An object, with the fields that the server declares or uses.
    Object(BTreeMap<String, Variable>),
}

impl Type {
    /// The kind, without elements and fields.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Any => Kind::Any,
            Self::String => Kind::String,
            Self::Number => Kind::Number,
            Self::Integer => Kind::Integer,
            Self::Boolean => Kind::Boolean,
            Self::Date => Kind::Date,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }
}

impl Variable {
    /// A variable that templates only render, without steps.
    #[must_use]
    pub fn rendered(ty: Type) -> Self {
        Self {
            ty,
            required: false,
            exact: false,
            nullable: false,
            closed: false,
            allowed: Vec::new(),
            steps: Vec::new(),
        }
    }
}

impl Workflow {
    /// Finds a variable by its path in messages: `items[].sku`.
    #[must_use]
    pub fn variable(&self, path: &str) -> Option<&Variable> {
        fn inside<'a>(variable: &'a Variable, rest: &str) -> Option<&'a Variable> {
            match &variable.ty {
                _ if rest.is_empty() => Some(variable),
                Type::Array(Some(element)) => inside(element, rest.strip_prefix("[]")?),
                Type::Object(fields) => field(fields, rest.strip_prefix('.')?),
                _ => None,
            }
        }
        // A name may contain dots and brackets.
        fn field<'a>(variables: &'a BTreeMap<String, Variable>, path: &str) -> Option<&'a Variable> {
            variables.iter().find_map(|(name, variable)| inside(variable, path.strip_prefix(name.as_str())?))
        }
        field(&self.variables, path)
    }
}

/// "step `email`", "steps `email` and `sms`", "steps `a`, `b`, `c`, `d` and 7 others".
#[must_use]
pub fn steps_in_words(steps: &[String]) -> String {
    const NAMED: usize = 4;
    const LONGEST: usize = 60;
    let mut quoted: Vec<String> = steps.iter().take(NAMED).map(|step| format!("`{}`", cut(step, LONGEST))).collect();
    match steps.len().saturating_sub(NAMED) {
        0 => {}
        1 => quoted.push("1 other".to_owned()),
        others => quoted.push(format!("{others} others")),
    }
    match quoted.as_slice() {
        [] => String::new(),
        [only] => format!("step {only}"),
        [rest @ .., last] => format!("steps {} and {last}", rest.join(", ")),
    }
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::steps_in_words;

    #[test]
    fn at_most_four_steps_are_named() {
        let words = |count: usize| steps_in_words(&vec!["a".to_owned(); count]);
        assert_eq!(words(0), "");
        assert_eq!(words(1), "step `a`");
        assert_eq!(words(2), "steps `a` and `a`");
        assert_eq!(words(4), "steps `a`, `a`, `a` and `a`");
        assert_eq!(words(5), "steps `a`, `a`, `a`, `a` and 1 other");
        assert_eq!(words(9), "steps `a`, `a`, `a`, `a` and 5 others");
        assert_eq!(steps_in_words(&["ü".repeat(61)]), format!("step `{}…`", "ü".repeat(60)));
    }
}
