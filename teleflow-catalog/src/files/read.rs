//! Parses a workflow file. No content makes it panic.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::workflow::{Need, Type, Variable, Workflow};
use super::write::FORMAT;
use crate::rules::Kind;

/// The deepest nesting of variables. Each level takes two of the 128 that serde_json reads.
const DEEPEST: usize = 60;

/// Why a file of the catalog cannot be used: "expected a JSON object".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(pub(crate) String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// The error message for a file that is not a workflow file, the same in the derive and the command line.
#[must_use]
pub fn not_a_workflow_file(file: &str, reason: &str) -> String {
    format!("`{file}` is not a workflow file: {reason}; run `cargo teleflow pull` again")
}

type Read<T> = Result<T, Malformed>;

fn malformed<T>(message: impl Into<String>) -> Read<T> {
    Err(Malformed(message.into()))
}

impl Workflow {
    /// Parses a workflow file.
    ///
    /// # Errors
    ///
    /// [`Malformed`], with the path of the wrong value.
    pub fn from_json(bytes: &[u8]) -> Read<Self> {
        let file: Value =
            serde_json::from_slice(bytes).map_err(|error| Malformed(format!("it is not valid JSON: {error}")))?;
        let Value::Object(file) = file else {
            return malformed("expected a JSON object");
        };
        match file.get("format").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(newer) if newer > FORMAT => {
                return malformed(format!(
                    "`format` is {newer}, from a newer `cargo teleflow`, but this version reads {FORMAT}"
                ));
            }
            _ => return malformed(format!("`format` is not {FORMAT}")),
        }
        Ok(Self {
            trigger: text(&file, "trigger")?,
            name: text(&file, "name")?,
            active: match file.get("active") {
                Some(Value::Bool(active)) => *active,
                _ => return malformed("`active` is neither `true` nor `false`"),
            },
            actor: need(&file, "actor")?,
            tenant: need(&file, "tenant")?,
            variables: variables(file.get("variables"), "variables", DEEPEST)?,
            email_reads: texts(&file, "email_reads", "email_reads")?,
            closed: flag(&file, "closed", "closed")?,
            schema: file.get("schema").filter(|schema| !schema.is_null()).cloned(),
        })
    }
}

fn text(file: &Map<String, Value>, key: &str) -> Read<String> {
    match file.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => malformed(format!("`{key}` is not a string")),
    }
}

fn flag(object: &Map<String, Value>, key: &str, at: &str) -> Read<bool> {
    match object.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => malformed(format!("`{at}` is neither `true` nor `false`")),
    }
}

fn steps(object: &Map<String, Value>, at: &str) -> Read<Vec<String>> {
    texts(object, "steps", &format!("{at}.steps"))
}

fn texts(object: &Map<String, Value>, key: &str, at: &str) -> Read<Vec<String>> {
    let Some(list) = object.get(key) else {
        return Ok(Vec::new());
    };
    let texts = list.as_array().and_then(|list| list.iter().map(|text| text.as_str().map(str::to_owned)).collect());
    texts.map_or_else(|| malformed(format!("`{at}` is not an array of strings")), Ok)
}

fn need(file: &Map<String, Value>, key: &str) -> Read<Option<Need>> {
    match file.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(need)) => {
            Ok(Some(Need { required: flag(need, "required", &format!("{key}.required"))?, steps: steps(need, key)? }))
        }
        Some(_) => malformed(format!("`{key}` is not an object")),
    }
}

fn variables(value: Option<&Value>, at: &str, deeper: usize) -> Read<BTreeMap<String, Variable>> {
    match value {
        None => Ok(BTreeMap::new()),
        Some(Value::Object(fields)) => {
            let read = |(name, field): (&String, &Value)| {
                Ok((name.clone(), variable(field, &format!("{at}.{name}"), deeper)?))
            };
            fields.iter().map(read).collect()
        }
        Some(_) => malformed(format!("`{at}` is not an object")),
    }
}

fn variable(value: &Value, at: &str, deeper: usize) -> Read<Variable> {
    let Value::Object(object) = value else {
        return malformed(format!("`{at}` is not an object"));
    };
    let Some(deeper) = deeper.checked_sub(1) else {
        return malformed("its variables are nested too deeply");
    };
    let of = object.get("of");
    let inside = format!("{at}.of");
    let Some(kind) = object.get("kind").and_then(Value::as_str) else {
        return malformed(format!("`{at}.kind` is missing"));
    };
    let Some(kind) = Kind::from_name(kind) else {
        return malformed(format!("`{at}.kind` is {kind:?}, which is not a kind"));
    };
    let ty = match kind {
        Kind::Any => Type::Any,
        Kind::String => Type::String,
        Kind::Number => Type::Number,
        Kind::Integer => Type::Integer,
        Kind::Boolean => Type::Boolean,
        Kind::Date => Type::Date,
        Kind::Array => Type::Array(of.map(|element| variable(element, &inside, deeper).map(Box::new)).transpose()?),
        Kind::Object => Type::Object(variables(of, &inside, deeper)?),
    };
    Ok(Variable {
        ty,
        required: flag(object, "required", &format!("{at}.required"))?,
        exact: flag(object, "exact", &format!("{at}.exact"))?,
        nullable: flag(object, "nullable", &format!("{at}.nullable"))?,
        closed: flag(object, "closed", &format!("{at}.closed"))?,
        allowed: match object.get("allowed") {
            None => Vec::new(),
            Some(Value::Array(values)) => values.clone(),
            Some(_) => return malformed(format!("`{at}.allowed` is not an array")),
        },
        steps: steps(object, at)?,
    })
}
