//! A workflow, as a catalog's file tells of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rules::Kind;

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
    /// Variables that e-mail templates read and the server fills in itself there, so that they hide the payload's own:
    /// `subject`, `body`, `blocks`.
    pub email_reads: Vec<String>,
    /// The server refuses payloads with variables beyond these: a schema says so.
    pub closed: bool,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// What it takes.
    pub ty: Type,
    /// The server refuses an event without it.
    pub required: bool,
    /// The server refuses what is not exactly of its kind: a schema says so.
    pub exact: bool,
    /// `null` is as good as a value of the kind: a schema says so.
    pub nullable: bool,
    /// An object whose fields beyond those of the [`Type::Object`] the server refuses: a schema says so.
    pub closed: bool,
    /// The only values that the server takes, where a schema lists them; empty where it does not.
    pub allowed: Vec<Value>,
    /// The steps that read it.
    pub steps: Vec<String>,
}

/// What a variable takes, with what is inside.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Anything.
    Any,
    /// A text.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
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
            Self::Integer => Kind::Integer,
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

/// "step `email`", "steps `email` and `sms`", "steps `a`, `b`, `c`, `d` and 7 others".
#[must_use]
pub fn steps_in_words(steps: &[String]) -> String {
    /// So many are named; a name is cut after so many characters.
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
    fn many_steps_are_not_all_named() {
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
