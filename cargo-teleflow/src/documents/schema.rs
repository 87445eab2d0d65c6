//! What a JSON Schema of the payload adds to what is known of its variables.

mod facts;
mod reference;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use teleflow_catalog::{files::Type, files::Variable, files::Workflow, files::steps_in_words};

use crate::documents::usage::DEEPEST;
use crate::output::shown;
use facts::{Document, Facts, Kind, TOO_LARGE};

/// The most schemas that are read for one workflow, and the bytes that are copied of them. References make a few lines as
/// large as one likes.
const MOST_SCHEMAS: usize = 20_000;
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Adds a schema to a workflow, and returns warnings about what could not be added.
///
/// `enforced`: the server rejects payloads that the schema does not accept.
pub(crate) fn add(workflow: &mut Workflow, schema: &Value, enforced: bool) -> Vec<String> {
    if !schema.is_object() {
        return Vec::new();
    }
    let mut reader = Reader {
        document: Document { root: schema, schemas: MOST_SCHEMAS, bytes: MOST_BYTES, unread: BTreeSet::new() },
        enforced,
        trigger: shown(&workflow.trigger),
        reasons: BTreeSet::new(),
        warnings: Vec::new(),
    };
    let mut open = BTreeSet::from([String::new()]);
    let facts = reader.document.facts(schema, &open);
    if let Some(reason) = &facts.unknown {
        reader.lost("", reason);
    }
    if facts.contradictory || facts.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&Kind::Object)) {
        reader.warn("accepts no object, so the server rejects every payload; fix the schema");
    } else {
        open.extend(facts.followed.iter().cloned());
        workflow.closed = enforced && facts.closed;
        reader.alternatives("", &facts);
        reader.fields("", &mut workflow.variables, facts, &open, 0);
    }
    reader.unread();
    workflow.schema = Some(schema.clone());
    reader.warnings
}

/// The properties of the payload that only some alternatives of a schema have, so that the catalog does not have them.
pub(crate) fn hidden(schema: &Value) -> BTreeSet<String> {
    let mut document = Document { root: schema, schemas: MOST_SCHEMAS, bytes: MOST_BYTES, unread: BTreeSet::new() };
    document.facts(schema, &BTreeSet::from([String::new()])).hidden()
}

struct Reader<'a> {
    document: Document<'a>,
    enforced: bool,
    trigger: String,
    /// What has been warned of: one definition may be used in many places.
    reasons: BTreeSet<String>,
    warnings: Vec<String>,
}

impl Reader<'_> {
    fn warn(&mut self, what: &str) {
        self.warnings.push(format!("the schema of workflow `{}` {what}", self.trigger));
    }

    /// A part of the schema cannot be read, so variables may be missing in the catalog.
    fn lost(&mut self, path: &str, reason: &str) {
        if self.reasons.insert(reason.to_owned()) {
            let place = if path.is_empty() { String::new() } else { format!(" at `{}`", shown(path)) };
            self.warn(&format!("cannot be read{place}: {}; what it requires there is not checked", shown(reason)));
        }
    }

    /// The schema has alternatives, and which one a payload follows is not known.
    fn alternatives(&mut self, path: &str, facts: &Facts) {
        let names: Vec<String> =
            facts.partial.difference(&facts.required).map(|name| format!("`{}`", shown(name))).collect();
        let names = names.join(", ");
        if self.enforced && !names.is_empty() && self.reasons.insert(format!("alternatives {names}")) {
            let place = if path.is_empty() { String::new() } else { format!(" at `{}`", shown(path)) };
            self.warn(&format!(
                "has alternatives{place}: only some of them have or require {names}; the server checks this, but the \
                 compiler does not"
            ));
        }
    }

    /// The schema uses keywords that are not read.
    fn unread(&mut self) {
        if self.enforced && !self.document.unread.is_empty() {
            let unread: Vec<String> = self.document.unread.iter().map(|keyword| format!("`{keyword}`")).collect();
            let unread = unread.join(", ");
            self.warn(&format!("uses {unread}; the server checks this, but the compiler does not"));
        }
    }

    /// The variables that are the properties of an object.
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
            let is_known = |name: &String| facts.properties.contains_key(name);
            for name in facts.required.iter().filter(|name| !is_known(name)) {
                let path = shown(&path(name));
                self.warn(&format!("requires `{path}` and forbids it, so the server rejects every payload"));
            }
            variables.retain(|name, variable| {
                let keeps = is_known(name) || facts.required.contains(name);
                if !keeps {
                    self.forbidden(&path(name), variable);
                }
                // A delay cannot do without its date.
                keeps || variable.ty == Type::Date
            });
        }
        // What nobody says anything about may be `null`.
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

    fn forbidden(&mut self, path: &str, variable: &Variable) {
        let steps = shown(&steps_in_words(&variable.steps));
        let verb = if variable.steps.len() > 1 { "read" } else { "reads" };
        let reads = if steps.is_empty() { "its templates read".to_owned() } else { format!("{steps} {verb}") };
        self.warn(&format!("forbids `{}`, which {reads}; add it to the schema's `properties`", shown(path)));
    }

    fn variable(&mut self, path: &str, variable: &mut Variable, schema: &Value, open: &BTreeSet<String>, depth: usize) {
        // A delay reads its date whatever a schema says.
        if variable.ty == Type::Date {
            return;
        }
        if depth >= DEEPEST {
            self.lost(path, &format!("it is nested deeper than {DEEPEST} levels"));
            return;
        }
        let mut facts = self.document.facts(schema, open);
        if facts.contradictory {
            self.warn(&format!("accepts no value for `{}`; fix the schema", shown(path)));
            variable.ty = Type::Any;
            return;
        }
        if let Some(reason) = &facts.unknown {
            self.lost(if reason == TOO_LARGE { "" } else { path }, reason);
        }
        let before = std::mem::replace(&mut variable.ty, Type::Any);
        let kind = match &facts.kinds {
            Some(kinds) => {
                variable.nullable = kinds.contains(&Kind::Null);
                let mut others = kinds.iter().filter(|kind| **kind != Kind::Null);
                others.next().filter(|_| others.next().is_none()).copied()
            }
            None if !facts.properties.is_empty() || !facts.required.is_empty() => Some(Kind::Object),
            None if facts.items.is_some() => Some(Kind::Array),
            None => None,
        };
        variable.nullable &= kind.is_none() || facts.kinds.is_some();
        let limited = facts.kinds.is_some();
        if self.enforced {
            variable.allowed = facts.values.take().unwrap_or_default();
            variable.allowed.retain(|value| !value.is_null());
            variable.closed = facts.closed && kind == Some(Kind::Object) && facts.hidden().is_empty();
        }
        let mut open = open.clone();
        open.extend(facts.followed.iter().cloned());
        if kind == Some(Kind::Object) {
            self.alternatives(path, &facts);
        }
        variable.ty = match kind {
            // No type of the catalog has the fields of one alternative or of another.
            Some(Kind::Object) if self.enforced && !facts.hidden().is_empty() => Type::Any,
            Some(Kind::String) => Type::String,
            Some(Kind::Number) => Type::Number,
            Some(Kind::Integer) => Type::Integer,
            Some(Kind::Boolean) => Type::Boolean,
            Some(Kind::Array) => Type::Array(self.elements(path, before, facts.items.as_ref(), &open, depth)),
            Some(Kind::Object) => {
                let mut fields = if let Type::Object(fields) = before { fields } else { BTreeMap::new() };
                self.fields(path, &mut fields, facts, &open, depth + 1);
                Type::Object(fields)
            }
            Some(Kind::Null) => Type::Any,
            // The schema says nothing, so what templates tell remains.
            None if !limited && facts.unknown.is_none() => before,
            None => Type::Any,
        };
        // Of a variable that takes several kinds, only `null` can be said to be wrong.
        variable.exact = self.enforced && limited && !(variable.ty == Type::Any && variable.nullable);
    }

    fn elements(
        &mut self,
        path: &str,
        before: Type,
        items: Option<&Value>,
        open: &BTreeSet<String>,
        depth: usize,
    ) -> Option<Box<Variable>> {
        let known = if let Type::Array(element) = before { element } else { None };
        let Some(items) = items else {
            return known;
        };
        let mut element = known.unwrap_or_else(|| Box::new(Variable::rendered(Type::Any)));
        self.variable(&format!("{path}[]"), &mut element, items, open, depth + 1);
        // `null` is not of the element's type.
        element.required = element.exact && !element.nullable;
        Some(element)
    }
}

#[cfg(test)]
mod tests;
