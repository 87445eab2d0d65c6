//! The facts about the values that a schema accepts, with references followed and alternatives joined.
//!
//! Keywords that are not read only make a schema stricter, so the facts are always true.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};

use super::reference::resolve;
use super::unread::unread_keywords;
use crate::json::array;

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum JsonType {
    Null,
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
}

/// The facts about one schema. The default accepts every value.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The types of the accepted values, if the schema limits them.
    pub(super) types: Option<BTreeSet<JsonType>>,
    /// The accepted values, if the schema lists them.
    pub(super) values: Option<Vec<Value>>,
    /// For objects: the schema of each property.
    pub(super) properties: BTreeMap<String, Value>,
    pub(super) required: BTreeSet<String>,
    /// Properties that the server fills in if the payload does not have them.
    pub(super) defaults: BTreeSet<String>,
    /// Names that only some alternatives have or require.
    pub(super) partial: BTreeSet<String>,
    /// No other properties are accepted.
    pub(super) closed: bool,
    /// For arrays: the schema of each element.
    pub(super) items: Option<Value>,
    /// The JSON pointers of the references that were followed.
    pub(super) followed: BTreeSet<String>,
    /// A part of the schema could not be read. The first reason is kept.
    pub(super) unknown: Option<String>,
    /// Two parts of the schema exclude each other.
    pub(super) contradictory: bool,
}

/// The document of a schema, and the budget for reading it.
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
    /// How many more schemas may be read. With references to references, their number can be exponential.
    pub(super) schemas: usize,
    /// How many more bytes may be copied. Many references may lead to one large definition.
    pub(super) bytes: usize,
    /// The keywords in the document that are not read.
    pub(super) unread: BTreeSet<&'static str>,
}

/// The memory of an empty value in bytes.
const VALUE_BYTES: usize = 64;

/// The reason for a schema that exceeds the budget.
pub(super) const TOO_LARGE: &str = "it is too large";

impl Document<'_> {
    /// Reads a schema. `open`: the references whose targets contain this schema.
    pub(super) fn facts(&mut self, schema: &Value, open: &BTreeSet<String>) -> Facts {
        if !self.charge(schema) {
            return Facts::unknown(TOO_LARGE.to_owned());
        }
        let mut facts = match schema {
            Value::Bool(false) => return Facts { contradictory: true, ..Facts::default() },
            Value::Object(_) => own(schema),
            _ => return Facts::default(),
        };
        self.unread.extend(unread_keywords(schema));
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.target(reference, open);
            facts = facts.and(target);
        }
        for part in array(schema, "allOf") {
            let part = self.facts(part, open);
            facts = facts.and(part);
        }
        for key in ["anyOf", "oneOf"] {
            let alternatives: Vec<Facts> = array(schema, key).iter().map(|schema| self.facts(schema, open)).collect();
            if let Some(either) = alternatives.into_iter().reduce(Facts::or) {
                facts = facts.and(either);
            }
        }
        // OpenAPI's `nullable`, where the type comes from another keyword.
        let has_no_type = schema.get("type").is_none() && facts.values.is_none();
        if has_no_type && schema.get("nullable") == Some(&Value::Bool(true)) { facts.with_null() } else { facts }
    }

    /// Charges a schema to the budget. Returns false if the budget is used up.
    fn charge(&mut self, schema: &Value) -> bool {
        // `own` copies these.
        let mut copied =
            ["properties", "items", "enum", "const", "required"].into_iter().filter_map(|key| schema.get(key));
        let left = self.schemas.checked_sub(1).zip(copied.try_fold(self.bytes, left_after));
        (self.schemas, self.bytes) = left.unwrap_or_default();
        left.is_some()
    }

    fn target(&mut self, reference: &str, open: &BTreeSet<String>) -> Facts {
        let Some((pointer, target)) = resolve(self.root, reference) else {
            return Facts::unknown(format!("`$ref` `{reference}` is not part of it"));
        };
        if open.contains(&pointer) {
            // A recursive type: the facts are complete further up.
            let Facts { types, .. } = own(target);
            return Facts { types, ..Facts::default() };
        }
        let mut open = open.clone();
        open.insert(pointer.clone());
        let mut facts = self.facts(target, &open);
        facts.followed.insert(pointer);
        facts
    }
}

/// The bytes that are left after a value is copied; `None` if they do not suffice. It stops as soon as they do not.
fn left_after(bytes: usize, value: &Value) -> Option<usize> {
    let left = bytes.checked_sub(VALUE_BYTES)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(items) => items.iter().try_fold(left, left_after),
        Value::Object(map) => {
            map.iter().try_fold(left, |left, (key, value)| left_after(left.checked_sub(key.len())?, value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(left),
    }
}

/// The facts from the schema's own keywords.
fn own(schema: &Value) -> Facts {
    let named = |name: &Value| match name.as_str()? {
        "null" => Some(JsonType::Null),
        "string" => Some(JsonType::String),
        "number" => Some(JsonType::Number),
        "integer" => Some(JsonType::Integer),
        "boolean" => Some(JsonType::Boolean),
        "array" => Some(JsonType::Array),
        "object" => Some(JsonType::Object),
        _ => None,
    };
    let types: Option<BTreeSet<JsonType>> = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(named).collect(),
        Some(name) => named(name).map(|ty| BTreeSet::from([ty])),
        None => None,
    };
    let mut types = types.filter(|types| !types.is_empty()).map(joined);
    if let Some(types) = &mut types
        && schema.get("nullable") == Some(&Value::Bool(true))
    {
        types.insert(JsonType::Null);
    }
    let listed = schema.get("enum").and_then(Value::as_array).cloned();
    let only = schema.get("const").map(|value| vec![value.clone()]);
    let values = match (listed, only) {
        (Some(listed), Some(only)) => Some(common(listed, &only)),
        (listed, only) => listed.or(only),
    };
    let properties: BTreeMap<String, Value> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.iter().map(|(name, property)| (name.clone(), property.clone())).collect())
        .unwrap_or_default();
    let has_default = |property: &Value| property.get("default").is_some();
    let facts = Facts {
        types,
        values,
        required: array(schema, "required").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        defaults: properties.iter().filter(|(_, one)| has_default(one)).map(|(name, _)| name.clone()).collect(),
        // Names that match a pattern are accepted, and patterns are not read.
        closed: schema.get("additionalProperties") == Some(&Value::Bool(false))
            && schema.get("patternProperties").and_then(Value::as_object).is_none_or(|patterns| patterns.is_empty()),
        // A list of schemas describes a tuple, whose elements have no common type.
        items: schema.get("items").filter(|items| items.is_object()).cloned(),
        properties,
        ..Facts::default()
    };
    facts.checked()
}

impl Facts {
    fn unknown(reason: String) -> Self {
        Self { unknown: Some(reason), ..Self::default() }
    }

    /// The facts about values that both accept.
    fn and(mut self, mut other: Self) -> Self {
        // `additionalProperties` applies to the properties of its own schema only.
        if self.closed {
            other.properties.retain(|name, _| self.properties.contains_key(name));
        }
        if other.closed {
            self.properties.retain(|name, _| other.properties.contains_key(name));
        }
        let mut properties = self.properties;
        for (name, schema) in other.properties {
            let both = match properties.remove(&name) {
                Some(first) if first != schema => json!({ "allOf": [first, schema] }),
                _ => schema,
            };
            properties.insert(name, both);
        }
        let facts = Self {
            types: match (self.types, other.types) {
                (Some(left), Some(right)) => Some(shared(&left, &right)),
                (left, right) => left.or(right),
            },
            values: match (self.values, other.values) {
                (Some(left), Some(right)) => Some(common(left, &right)),
                (left, right) => left.or(right),
            },
            properties,
            required: &self.required | &other.required,
            defaults: &self.defaults | &other.defaults,
            partial: &self.partial | &other.partial,
            closed: self.closed || other.closed,
            items: match (self.items, other.items) {
                (Some(left), Some(right)) if left != right => Some(json!({ "allOf": [left, right] })),
                (left, right) => left.or(right),
            },
            followed: &self.followed | &other.followed,
            unknown: self.unknown.or(other.unknown),
            contradictory: self.contradictory || other.contradictory,
        };
        facts.checked()
    }

    /// The facts about values that one of the two accepts.
    fn or(self, other: Self) -> Self {
        // A schema that accepts nothing has no effect.
        match (self.contradictory, other.contradictory) {
            (true, _) => return other,
            (_, true) => return self,
            _ => {}
        }
        let followed = &self.followed | &other.followed;
        // `null` does not restrict objects and arrays.
        match (self.is_null(), other.is_null()) {
            (true, _) => return Self { followed, defaults: BTreeSet::new(), ..other.with_null() },
            (_, true) => return Self { followed, defaults: BTreeSet::new(), ..self.with_null() },
            _ => {}
        }
        let partial = self.partial_with(&other);
        let either = |left: Value, right: &Value| if left == *right { left } else { json!({ "anyOf": [left, right] }) };
        let mut theirs = other.properties;
        let ours = self.properties.into_iter();
        Self {
            types: self.types.zip(other.types).map(|(left, right)| joined(&left | &right)),
            values: self.values.zip(other.values).map(|(mut left, right)| {
                let new: Vec<Value> = {
                    let left: HashSet<&Value> = left.iter().collect();
                    right.into_iter().filter(|value| !left.contains(value)).collect()
                };
                left.extend(new);
                left
            }),
            properties: ours
                .filter_map(|(name, left)| {
                    let right = theirs.remove(&name)?;
                    Some((name, either(left, &right)))
                })
                .collect(),
            required: &self.required & &other.required,
            // The server fills in nothing inside alternatives.
            defaults: BTreeSet::new(),
            partial,
            closed: false,
            items: self.items.zip(other.items).map(|(left, right)| either(left, &right)),
            followed,
            unknown: self.unknown.or(other.unknown),
            contradictory: false,
        }
    }

    /// The names that only one of two alternatives has, if both accept objects.
    fn partial_with(&self, other: &Self) -> BTreeSet<String> {
        let accepts_objects = |facts: &Self| facts.types.as_ref().is_none_or(|types| types.contains(&JsonType::Object));
        // An alternative without names accepts all objects.
        let is_open = |facts: &Self| {
            facts.properties.is_empty() && facts.required.is_empty() && facts.partial.is_empty() && !facts.closed
        };
        let mut partial = &self.partial | &other.partial;
        if accepts_objects(self) && accepts_objects(other) && !is_open(self) && !is_open(other) {
            for (left, right) in [(self, other), (other, self)] {
                partial.extend(left.properties.keys().filter(|name| !right.properties.contains_key(*name)).cloned());
                partial.extend(left.required.difference(&right.required).cloned());
            }
        }
        partial
    }

    /// The names that some alternatives have, but `properties` and `required` do not.
    pub(super) fn hidden(&self) -> BTreeSet<String> {
        let is_hidden = |name: &&String| !self.properties.contains_key(*name) && !self.required.contains(*name);
        self.partial.iter().filter(is_hidden).cloned().collect()
    }

    fn is_null(&self) -> bool {
        self.types.as_ref().is_some_and(|types| types.iter().eq([&JsonType::Null])) && self.unknown.is_none()
    }

    fn with_null(mut self) -> Self {
        if let Some(types) = &mut self.types {
            types.insert(JsonType::Null);
        }
        if let Some(values) = &mut self.values
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        self
    }

    /// Restricts the types to those of the listed values, and the values to the types.
    fn checked(mut self) -> Self {
        if let Some(values) = &mut self.values {
            if let Some(types) = &self.types {
                values.retain(|value| types.iter().any(|ty| ty.accepts(value)));
            }
            self.types = Some(joined(values.iter().map(JsonType::of).collect()));
        }
        self.contradictory |= self.types.as_ref().is_some_and(BTreeSet::is_empty);
        self
    }
}

impl JsonType {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) if Self::Integer.accepts(value) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Number => value.is_number(),
            _ => Self::of(value) == self,
        }
    }
}

/// Removes `integer` where `number` is accepted.
fn joined(mut types: BTreeSet<JsonType>) -> BTreeSet<JsonType> {
    if types.contains(&JsonType::Number) {
        types.remove(&JsonType::Integer);
    }
    types
}

fn shared(left: &BTreeSet<JsonType>, right: &BTreeSet<JsonType>) -> BTreeSet<JsonType> {
    let mut both = left & right;
    for (one, other) in [(left, right), (right, left)] {
        if one.contains(&JsonType::Integer) && other.contains(&JsonType::Number) {
            both.insert(JsonType::Integer);
        }
    }
    both
}

fn common(mut left: Vec<Value>, right: &[Value]) -> Vec<Value> {
    let right: HashSet<&Value> = right.iter().collect();
    left.retain(|value| right.contains(value));
    left
}
