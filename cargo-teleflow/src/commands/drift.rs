//! Compares the workflow in the catalog with the one on the server.

use std::collections::BTreeMap;

use serde_json::Value;
use teleflow_catalog::files::{Need, Type, Variable, Workflow, steps_in_words};

use super::change::Change;
use crate::output::sanitize;

/// The changes from `old` to `new`.
pub(crate) fn compare(old: &Workflow, new: &Workflow) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    match (old.active, new.active) {
        (true, false) => changes.drift("switched-off", "it was switched off, so the server drops its events"),
        (false, true) => changes.drift("switched-on", "it was switched on"),
        _ => {}
    }
    changes.need("actor", old.actor.as_ref(), new.actor.as_ref());
    changes.need("tenant", old.tenant.as_ref(), new.tenant.as_ref());
    changes.variables("", &old.variables, &new.variables);
    changes.closed("the payload", None, (old.closed, new.closed));
    for name in new.email_reads.iter().filter(|name| !old.email_reads.contains(name)) {
        changes.drift("email", &format!("its e-mails now read `{}`, which the server sets itself", sanitize(name)));
    }
    for name in old.email_reads.iter().filter(|name| !new.email_reads.contains(name)) {
        changes.notice("email", format!("its e-mails no longer read `{}`", sanitize(name)));
    }
    if old.name != new.name {
        changes.notice("name", format!("it is now named \"{}\"", sanitize(&new.name)));
    }
    if old.schema != new.schema {
        changes.notice("schema", "the schema of its payload changed");
    }
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn drift(&mut self, what: &'static str, message: &str) {
        self.0.push(Change { what, is_drift: true, variable: None, message: message.to_owned() });
    }

    fn notice(&mut self, what: &'static str, message: impl Into<String>) {
        self.0.push(Change { what, is_drift: false, variable: None, message: message.into() });
    }

    fn of_variable(&mut self, path: &str, what: &'static str, is_drift: bool, variable: &Variable, message: &str) {
        let steps = steps_in_words(&variable.steps);
        let steps = if steps.is_empty() { steps } else { format!(" ({})", sanitize(&steps)) };
        let message = format!("`{}` {message}{steps}", sanitize(path));
        self.0.push(Change { what, is_drift, variable: Some(path.to_owned()), message });
    }

    fn need(&mut self, what: &'static str, old: Option<&Need>, new: Option<&Need>) {
        let article = if what == "actor" { "an actor" } else { "a tenant" };
        let required = |need: Option<&Need>| need.map(|need| need.required);
        if required(old) != required(new) {
            let steps = new.or(old).map(|need| steps_in_words(&need.steps)).filter(|steps| !steps.is_empty());
            let steps = steps.map(|steps| format!(" ({})", sanitize(&steps))).unwrap_or_default();
            let message = match required(new) {
                Some(true) => format!("it now requires {article}{steps}"),
                Some(false) if old.is_none() => format!("its templates now read {article}{steps}"),
                Some(false) => format!("it no longer requires {article}, but its templates still read one{steps}"),
                None => format!("it no longer needs {article}{steps}"),
            };
            self.drift(what, &message);
        } else if old.map(|need| &need.steps) != new.map(|need| &need.steps) {
            let steps = new.map(|need| steps_in_words(&need.steps)).unwrap_or_default();
            self.notice("steps", format!("{article} is now read by {}", or_no_step(&steps)));
        }
    }

    /// `was`, `is`: whether the server rejects fields that are not in the schema.
    fn closed(&mut self, what: &str, path: Option<&str>, (was, is): (bool, bool)) {
        if was != is {
            let message = match is {
                true => format!("{what} now rejects fields that are not in the schema"),
                false => format!("{what} no longer rejects fields that are not in the schema"),
            };
            self.0.push(Change { what: "closed", is_drift: is, variable: path.map(str::to_owned), message });
        }
    }

    fn variables(&mut self, before: &str, old: &BTreeMap<String, Variable>, new: &BTreeMap<String, Variable>) {
        let path = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        for (name, variable) in old {
            match new.get(name) {
                Some(now) => self.variable(&path(name), variable, now),
                None => self.removed(&path(name), variable),
            }
        }
        for (name, variable) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            self.added(&path(name), variable);
        }
    }

    fn added(&mut self, path: &str, variable: &Variable) {
        let words = variable.ty.kind().words();
        match (&variable.ty, variable.required) {
            (Type::Date, _) => {
                self.of_variable(path, "delay", true, variable, "was added: a delay waits for this date")
            }
            (_, true) => {
                self.of_variable(path, "required", true, variable, &format!("was added and is required: {words}"))
            }
            (_, false) => self.of_variable(path, "new", true, variable, &format!("was added: {words}")),
        }
    }

    fn removed(&mut self, path: &str, variable: &Variable) {
        match (&variable.ty, variable.required) {
            (Type::Date, _) => {
                self.of_variable(path, "delay", true, variable, "was removed: no delay waits for this date")
            }
            (_, true) => self.of_variable(path, "not-required", true, variable, "was required, but is no longer read"),
            (_, false) => self.of_variable(path, "gone", false, variable, "is no longer read"),
        }
    }

    fn variable(&mut self, path: &str, old: &Variable, new: &Variable) {
        let (was, is) = (old.ty.kind(), new.ty.kind());
        if was != is && (old.ty == Type::Date || new.ty == Type::Date) {
            let message = if new.ty == Type::Date {
                "is now the date that a delay waits for"
            } else {
                "is no longer the date that a delay waits for"
            };
            self.of_variable(path, "delay", true, new, message);
            return;
        }
        match (old.required, new.required) {
            (false, true) => self.of_variable(path, "required", true, new, "is now required"),
            (true, false) => self.of_variable(path, "not-required", true, new, "is no longer required"),
            _ => {}
        }
        if was != is {
            self.of_variable(path, "kind", true, new, &format!("is now {}, and was {}", is.words(), was.words()));
            return;
        }
        if old.exact != new.exact {
            let message = match new.exact {
                true => format!("must now be {}: the server enforces the schema", is.words()),
                false => format!("need no longer be {}: the server does not enforce the schema", is.words()),
            };
            self.of_variable(path, "kind", true, new, &message);
        }
        if old.nullable != new.nullable {
            let message = if new.nullable { "may now be `null`" } else { "must no longer be `null`" };
            self.of_variable(path, "null", new.exact && !new.nullable, new, message);
        }
        if old.allowed != new.allowed {
            let listed: Vec<String> = new.allowed.iter().map(Value::to_string).collect();
            let message = match listed.is_empty() {
                true => "now accepts values that are not in a list".to_owned(),
                false => format!("now accepts only the values {}", sanitize(&listed.join(", "))),
            };
            self.of_variable(path, "values", !new.allowed.is_empty(), new, &message);
        }
        self.closed(&format!("`{}`", sanitize(path)), Some(path), (old.closed, new.closed));
        // The messages above name the steps.
        if old.steps != new.steps && (old.required, old.exact) == (new.required, new.exact) {
            let steps = steps_in_words(&new.steps);
            let message = format!("`{}` is now read by {}", sanitize(path), or_no_step(&steps));
            self.0.push(Change { what: "steps", is_drift: false, variable: Some(path.to_owned()), message });
        }
        match (&old.ty, &new.ty) {
            (Type::Object(old), Type::Object(new)) => self.variables(path, old, new),
            (Type::Array(old), Type::Array(new)) => {
                let element = format!("{path}[]");
                match (old, new) {
                    (Some(old), Some(new)) => self.variable(&element, old, new),
                    (Some(old), None) => self.removed(&element, old),
                    (None, Some(new)) => self.added(&element, new),
                    (None, None) => {}
                }
            }
            _ => {}
        }
    }
}

fn or_no_step(steps: &str) -> String {
    if steps.is_empty() { "no known step".to_owned() } else { sanitize(steps) }
}
