//! Adds what the JSON Schema of a payload declares to the variables of its workflow.

// A module imports only from those below it.
mod facts;
mod reference;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use teleflow_catalog::{files::Type, files::Variable, files::Workflow, files::steps_in_words};

use super::path::MAX_DEPTH;
use crate::output::shown;
use facts::{Document, Facts, JsonType, TOO_LARGE};

/// The most schemas that are read for one workflow, and the most bytes that are copied from them. With references, a few
/// lines can expand without limit.
const MAX_SCHEMAS: usize = 20_000;
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Adds a schema to a workflow. Returns warnings about what could not be added.
///
/// `enforced`: the server rejects payloads that the schema does not accept.
pub(crate) fn add(workflow: &mut Workflow, schema: &Value, enforced: bool) -> Vec<String> {
    if !schema.is_object() {
        return Vec::new();
    }
    let mut reader = Reader {
        document: Document { root: schema, schemas: MAX_SCHEMAS, bytes: MAX_BYTES, unread: BTreeSet::new() },
        enforced,
        trigger: shown(&workflow.trigger),
        reasons: BTreeSet::new(),
        warnings: Vec::new(),
    };
    let mut open = BTreeSet::from([String::new()]);
    let facts = reader.document.facts(schema, &open);
    if let Some(reason) = &facts.unknown {
        reader.warn_unreadable("", reason);
    }
    if facts.contradictory || facts.types.as_ref().is_some_and(|types| !types.contains(&JsonType::Object)) {
        reader.warn("accepts no object, so the server rejects every payload; fix the schema");
    } else {
        open.extend(facts.followed.iter().cloned());
        workflow.closed = enforced && facts.closed;
        reader.warn_of_alternatives("", &facts);
        reader.fields("", &mut workflow.variables, facts, &open, 0);
    }
    reader.warn_of_unread_keywords();
    workflow.schema = Some(schema.clone());
    reader.warnings
}

/// The properties of the payload that only some alternatives of a schema have, so that the catalog does not have them.
pub(crate) fn hidden(schema: &Value) -> BTreeSet<String> {
    let mut document = Document { root: schema, schemas: MAX_SCHEMAS, bytes: MAX_BYTES, unread: BTreeSet::new() };
    document.facts(schema, &BTreeSet::from([String::new()])).hidden()
}

struct Reader<'a> {
    document: Document<'a>,
    enforced: bool,
    trigger: String,
    /// The reasons of earlier warnings: one definition may be used many times.
    reasons: BTreeSet<String>,
    warnings: Vec<String>,
}

impl Reader<'_> {
    fn warn(&mut self, what: &str) {
        self.warnings.push(format!("the schema of workflow `{}` {what}", self.trigger));
    }

    /// Warns that a part of the schema cannot be read.
    fn warn_unreadable(&mut self, path: &str, reason: &str) {
        if self.reasons.insert(reason.to_owned()) {
            let at = if path.is_empty() { String::new() } else { format!(" at `{}`", shown(path)) };
            self.warn(&format!("cannot be read{at}: {}; what it requires there is not checked", shown(reason)));
        }
    }

    /// Warns that the schema has alternatives, because the compiler does not check which one a payload follows.
    fn warn_of_alternatives(&mut self, path: &str, facts: &Facts) {
        let names: Vec<String> =
            facts.partial.difference(&facts.required).map(|name| format!("`{}`", shown(name))).collect();
        let names = names.join(", ");
        if self.enforced && !names.is_empty() && self.reasons.insert(format!("alternatives {names}")) {
            let at = if path.is_empty() { String::new() } else { format!(" at `{}`", shown(path)) };
            self.warn(&format!(
                "has alternatives{at}: only some of them have or require {names}; the server checks this, but the \
                 compiler does not"
            ));
        }
    }

    /// Warns of keywords that are not read.
    fn warn_of_unread_keywords(&mut self) {
        if self.enforced && !self.document.unread.is_empty() {
            let unread: Vec<String> = self.document.unread.iter().map(|keyword| format!("`{keyword}`")).collect();
            let unread = unread.join(", ");
            self.warn(&format!("uses {unread}; the server checks this, but the compiler does not"));
        }
    }

    /// Adds the properties of an object to its variables.
    fn fields(
        &mut self,
        before: &str,
        variables: &mut BTreeMap<String, Variable>,
        facts: Facts,
        open: &BTreeSet<String>,
        depth: usize,
    ) {
        let path = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        if self.enforced && facts.closed {
            let is_declared = |name: &String| facts.properties.contains_key(name);
            for name in facts.required.iter().filter(|name| !is_declared(name)) {
                let path = shown(&path(name));
                self.warn(&format!("requires `{path}` and forbids it, so the server rejects every payload"));
            }
            variables.retain(|name, variable| {
                let keeps = is_declared(name) || facts.required.contains(name);
                if !keeps {
                    self.warn_forbidden(&path(name), variable);
                }
                // A delay requires its date in any case.
                keeps || variable.ty == Type::Date
            });
        }
        // A variable without a schema may be `null`.
        let enforced = self.enforced;
        let new = || Variable { nullable: enforced, ..Variable::rendered(Type::Any) };
        for name in facts.required.iter().filter(|name| !facts.properties.contains_key(*name)) {
            variables.entry(name.clone()).or_insert_with(new);
        }
        for (name, schema) in &facts.properties {
            let variable = variables.entry(name.clone()).or_insert_with(new);
            self.variable(&path(name), variable, schema, open, depth);
        }
        for name in facts.required.iter().filter(|name| enforced && !facts.defaults.contains(*name)) {
            if let Some(variable) = variables.get_mut(name) {
                variable.required = true;
            }
        }
    }

    fn warn_forbidden(&mut self, path: &str, variable: &Variable) {
        let steps = shown(&steps_in_words(&variable.steps));
        let verb = if variable.steps.len() > 1 { "read" } else { "reads" };
        let reads = if steps.is_empty() { "its templates read".to_owned() } else { format!("{steps} {verb}") };
        self.warn(&format!("forbids `{}`, which {reads}; add it to the schema's `properties`", shown(path)));
    }

    fn variable(&mut self, path: &str, variable: &mut Variable, schema: &Value, open: &BTreeSet<String>, depth: usize) {
        // A delay requires a date, whatever the schema declares.
        if variable.ty == Type::Date {
            return;
        }
        if depth >= MAX_DEPTH {
            self.warn_unreadable(path, &format!("it is nested deeper than {MAX_DEPTH} levels"));
            return;
        }
        let mut facts = self.document.facts(schema, open);
        if facts.contradictory {
            self.warn(&format!("accepts no value for `{}`; fix the schema", shown(path)));
            variable.ty = Type::Any;
            return;
        }
        if let Some(reason) = &facts.unknown {
            self.warn_unreadable(if reason == TOO_LARGE { "" } else { path }, reason);
        }
        let before = std::mem::replace(&mut variable.ty, Type::Any);
        let kind = match &facts.types {
            Some(types) => {
                variable.nullable = types.contains(&JsonType::Null);
                let mut others = types.iter().filter(|kind| **kind != JsonType::Null);
                others.next().filter(|_| others.next().is_none()).copied()
            }
            None if !facts.properties.is_empty() || !facts.required.is_empty() => Some(JsonType::Object),
            None if facts.items.is_some() => Some(JsonType::Array),
            None => None,
        };
        variable.nullable &= kind.is_none() || facts.types.is_some();
        let has_types = facts.types.is_some();
        if self.enforced {
            variable.allowed = facts.values.take().unwrap_or_default();
            variable.allowed.retain(|value| !value.is_null());
            variable.closed = facts.closed && kind == Some(JsonType::Object) && facts.hidden().is_empty();
        }
        let mut open = open.clone();
        open.extend(facts.followed.iter().cloned());
        if kind == Some(JsonType::Object) {
            self.warn_of_alternatives(path, &facts);
        }
        variable.ty = match kind {
            // The catalog has no type for the fields of one alternative or another.
            Some(JsonType::Object) if self.enforced && !facts.hidden().is_empty() => Type::Any,
            Some(JsonType::String) => Type::String,
            Some(JsonType::Number) => Type::Number,
            Some(JsonType::Integer) => Type::Integer,
            Some(JsonType::Boolean) => Type::Boolean,
            Some(JsonType::Array) => Type::Array(self.elements(path, before, facts.items.as_ref(), &open, depth)),
            Some(JsonType::Object) => {
                let mut fields = if let Type::Object(fields) = before { fields } else { BTreeMap::new() };
                self.fields(path, &mut fields, facts, &open, depth + 1);
                Type::Object(fields)
            }
            Some(JsonType::Null) => Type::Any,
            // The schema does not declare a type, so the one from the templates remains.
            None if !has_types && facts.unknown.is_none() => before,
            None => Type::Any,
        };
        // If several types are accepted, the compiler can only reject `null`.
        variable.exact = self.enforced && has_types && !(variable.ty == Type::Any && variable.nullable);
    }

    fn elements(
        &mut self,
        path: &str,
        before: Type,
        items: Option<&Value>,
        open: &BTreeSet<String>,
        depth: usize,
    ) -> Option<Box<Variable>> {
        let from_templates = if let Type::Array(element) = before { element } else { None };
        let Some(items) = items else {
            return from_templates;
        };
        let mut element = from_templates.unwrap_or_else(|| Box::new(Variable::rendered(Type::Any)));
        self.variable(&format!("{path}[]"), &mut element, items, open, depth + 1);
        // An element that must not be `null` must not be optional.
        element.required = element.exact && !element.nullable;
        Some(element)
    }
}

#[cfg(test)]
mod tests;
