//! What one schema says about the values that it accepts, with references followed and alternatives joined.
//!
//! Nothing is claimed beyond what the schema says: keywords that are not read here only make it stricter.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};

use super::reference::resolve;
use super::unread::unread;

/// A type of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Null,
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
}

/// What a schema says. The default says nothing: it accepts every value.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The types of the accepted values, if the schema limits them.
    pub(super) kinds: Option<BTreeSet<Kind>>,
    /// The accepted values, if the schema lists them.
    pub(super) values: Option<Vec<Value>>,
    /// For objects: the schema of each property.
    pub(super) properties: BTreeMap<String, Value>,
    pub(super) required: BTreeSet<String>,
    /// Properties that the server fills in if the payload does not have them.
    pub(super) defaults: BTreeSet<String>,
    /// Names that some alternatives have and others do not: which of them a value needs depends on its alternative.
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

/// A schema's document, and what has been read of it so far.
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
    /// How many schemas may still be read: references to references can make it exponential.
    pub(super) schemas: usize,
    /// How many bytes of them may still be copied: many references may lead to one large definition.
    pub(super) bytes: usize,
    /// The keywords that it uses and that are not read.
    pub(super) unread: BTreeSet<&'static str>,
}

/// The memory of a value without what it holds, in bytes.
const VALUE: usize = 64;

/// The reason that is given when the budget is used up.
pub(super) const TOO_LARGE: &str = "it is too large";

impl Document<'_> {
    /// What a schema says. `open`: the references whose targets contain this schema.
    pub(super) fn facts(&mut self, schema: &Value, open: &BTreeSet<String>) -> Facts {
        if !self.pay(schema) {
            return Facts::unknown(TOO_LARGE.to_owned());
        }
        let mut facts = match schema {
            Value::Bool(false) => return Facts { contradictory: true, ..Facts::default() },
            Value::Object(_) => own(schema),
            _ => return Facts::default(),
        };
        self.unread.extend(unread(schema));
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.target(reference, open);
            facts = facts.and(target);
        }
        for part in list(schema, "allOf") {
            let part = self.facts(part, open);
            facts = facts.and(part);
        }
        for key in ["anyOf", "oneOf"] {
            let alternatives: Vec<Facts> = list(schema, key).map(|schema| self.facts(schema, open)).collect();
            if let Some(either) = alternatives.into_iter().reduce(Facts::or) {
                facts = facts.and(either);
            }
        }
        // OpenAPI's word for it, where the type is said elsewhere.
        let is_elsewhere = schema.get("type").is_none() && facts.values.is_none();
        if is_elsewhere && schema.get("nullable") == Some(&Value::Bool(true)) { facts.with_null() } else { facts }
    }

    /// Takes a schema off what may still be read. False if that is used up.
    fn pay(&mut self, schema: &Value) -> bool {
        // What `own` copies.
        let mut copied =
            ["properties", "items", "enum", "const", "required"].into_iter().filter_map(|key| schema.get(key));
        let left = self.schemas.checked_sub(1).zip(copied.try_fold(self.bytes, after));
        (self.schemas, self.bytes) = left.unwrap_or_default();
        left.is_some()
    }

    fn target(&mut self, reference: &str, open: &BTreeSet<String>) -> Facts {
        let Some((pointer, target)) = resolve(self.root, reference) else {
            return Facts::unknown(format!("`$ref` `{reference}` is not part of it"));
        };
        if open.contains(&pointer) {
            // A recursive type: its inside is known further up.
            let Facts { kinds, .. } = own(target);
            return Facts { kinds, ..Facts::default() };
        }
        let mut open = open.clone();
        open.insert(pointer.clone());
        let mut facts = self.facts(target, &open);
        facts.followed.insert(pointer);
        facts
    }
}

/// What is left of so many bytes after a value is copied. A larger value is not looked at to its end.
fn after(bytes: usize, value: &Value) -> Option<usize> {
    let left = bytes.checked_sub(VALUE)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(items) => items.iter().try_fold(left, after),
        Value::Object(map) => {
            map.iter().try_fold(left, |left, (key, value)| after(left.checked_sub(key.len())?, value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(left),
    }
}

/// What the schema's own keywords say.
fn own(schema: &Value) -> Facts {
    let named = |name: &Value| match name.as_str()? {
        "null" => Some(Kind::Null),
        "string" => Some(Kind::String),
        "number" => Some(Kind::Number),
        "integer" => Some(Kind::Integer),
        "boolean" => Some(Kind::Boolean),
        "array" => Some(Kind::Array),
        "object" => Some(Kind::Object),
        _ => None,
    };
    let kinds: Option<BTreeSet<Kind>> = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(named).collect(),
        Some(name) => named(name).map(|kind| BTreeSet::from([kind])),
        None => None,
    };
    let mut kinds = kinds.filter(|kinds| !kinds.is_empty()).map(joined);
    if let Some(kinds) = &mut kinds
        && schema.get("nullable") == Some(&Value::Bool(true))
    {
        kinds.insert(Kind::Null);
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
        kinds,
        values,
        required: list(schema, "required").filter_map(Value::as_str).map(str::to_owned).collect(),
        defaults: properties.iter().filter(|(_, one)| has_default(one)).map(|(name, _)| name.clone()).collect(),
        // A name that fits a pattern is accepted, and patterns are not read.
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

    /// What both say together.
    fn and(mut self, mut other: Self) -> Self {
        // `additionalProperties` knows only the properties beside it.
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
            kinds: match (self.kinds, other.kinds) {
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

    /// What holds whichever of the two applies.
    fn or(self, other: Self) -> Self {
        // Of what accepts nothing, nothing remains.
        match (self.contradictory, other.contradictory) {
            (true, _) => return other,
            (_, true) => return self,
            _ => {}
        }
        let followed = &self.followed | &other.followed;
        // `null` says nothing about objects and arrays.
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
            kinds: self.kinds.zip(other.kinds).map(|(left, right)| joined(&left | &right)),
            values: self.values.zip(other.values).map(|(mut left, right)| {
                let new: Vec<Value> = {
                    let known: HashSet<&Value> = left.iter().collect();
                    right.into_iter().filter(|value| !known.contains(value)).collect()
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

    /// The names that belong to one of two alternatives only, if both accept objects.
    fn partial_with(&self, other: &Self) -> BTreeSet<String> {
        let accepts_objects = |facts: &Self| facts.kinds.as_ref().is_none_or(|kinds| kinds.contains(&Kind::Object));
        // An alternative without a single name accepts what the others accept.
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

    /// The names that no property defines, although a value may need them.
    pub(super) fn hidden(&self) -> BTreeSet<String> {
        let is_hidden = |name: &&String| !self.properties.contains_key(*name) && !self.required.contains(*name);
        self.partial.iter().filter(is_hidden).cloned().collect()
    }

    fn is_null(&self) -> bool {
        self.kinds.as_ref().is_some_and(|kinds| kinds.iter().eq([&Kind::Null])) && self.unknown.is_none()
    }

    fn with_null(mut self) -> Self {
        if let Some(kinds) = &mut self.kinds {
            kinds.insert(Kind::Null);
        }
        if let Some(values) = &mut self.values
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        self
    }

    /// With the types of the listed values, and only the values that have one of the types.
    fn checked(mut self) -> Self {
        if let Some(values) = &mut self.values {
            if let Some(kinds) = &self.kinds {
                values.retain(|value| kinds.iter().any(|kind| kind.accepts(value)));
            }
            self.kinds = Some(joined(values.iter().map(Kind::of).collect()));
        }
        self.contradictory |= self.kinds.as_ref().is_some_and(BTreeSet::is_empty);
        self
    }
}

impl Kind {
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

/// Every whole number is a number.
fn joined(mut kinds: BTreeSet<Kind>) -> BTreeSet<Kind> {
    if kinds.contains(&Kind::Number) {
        kinds.remove(&Kind::Integer);
    }
    kinds
}

fn shared(left: &BTreeSet<Kind>, right: &BTreeSet<Kind>) -> BTreeSet<Kind> {
    let mut both = left & right;
    for (one, other) in [(left, right), (right, left)] {
        if one.contains(&Kind::Integer) && other.contains(&Kind::Number) {
            both.insert(Kind::Integer);
        }
    }
    both
}

fn common(mut left: Vec<Value>, right: &[Value]) -> Vec<Value> {
    let right: HashSet<&Value> = right.iter().collect();
    left.retain(|value| right.contains(value));
    left
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}
