//! Serializes a workflow file: without default values and with sorted keys, for readable diffs.

use serde_json::{Map, Value};

use super::workflow::{Need, Type, Variable, Workflow};

/// The version of the file format.
pub(crate) const FORMAT: u64 = 1;

impl Workflow {
    /// Serializes the workflow file.
    #[must_use]
    pub fn to_json(&self) -> String {
        // In alphabetical order: `serde_json`'s feature `preserve_order` keeps the order of insertion.
        let mut file = Map::new();
        file.insert("active".to_owned(), self.active.into());
        if let Some(actor) = &self.actor {
            file.insert("actor".to_owned(), need(actor));
        }
        if self.closed {
            file.insert("closed".to_owned(), true.into());
        }
        if !self.email_reads.is_empty() {
            file.insert("email_reads".to_owned(), self.email_reads.as_slice().into());
        }
        file.insert("format".to_owned(), FORMAT.into());
        file.insert("name".to_owned(), self.name.as_str().into());
        if let Some(schema) = &self.schema {
            file.insert("schema".to_owned(), sorted(schema));
        }
        if let Some(tenant) = &self.tenant {
            file.insert("tenant".to_owned(), need(tenant));
        }
        file.insert("trigger".to_owned(), self.trigger.as_str().into());
        let variables = self.variables.iter().map(|(name, inner)| (name.clone(), variable(inner)));
        file.insert("variables".to_owned(), Value::Object(variables.collect()));
        format!("{:#}\n", Value::Object(file))
    }
}

fn need(need: &Need) -> Value {
    let mut object = Map::new();
    if need.required {
        object.insert("required".to_owned(), true.into());
    }
    object.insert("steps".to_owned(), need.steps.as_slice().into());
    Value::Object(object)
}

fn variable(inner: &Variable) -> Value {
    let mut object = Map::new();
    if !inner.allowed.is_empty() {
        object.insert("allowed".to_owned(), inner.allowed.iter().map(sorted).collect());
    }
    if inner.closed {
        object.insert("closed".to_owned(), true.into());
    }
    if inner.exact {
        object.insert("exact".to_owned(), true.into());
    }
    object.insert("kind".to_owned(), inner.ty.kind().as_str().into());
    if inner.nullable {
        object.insert("nullable".to_owned(), true.into());
    }
    let of = match &inner.ty {
        Type::Array(Some(element)) => Some(variable(element)),
        Type::Object(fields) if !fields.is_empty() => {
            Some(Value::Object(fields.iter().map(|(name, field)| (name.clone(), variable(field))).collect()))
        }
        _ => None,
    };
    if let Some(of) = of {
        object.insert("of".to_owned(), of);
    }
    if inner.required {
        object.insert("required".to_owned(), true.into());
    }
    if !inner.steps.is_empty() {
        object.insert("steps".to_owned(), inner.steps.as_slice().into());
    }
    Value::Object(object)
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect())
        }
        scalar => scalar.clone(),
    }
}
