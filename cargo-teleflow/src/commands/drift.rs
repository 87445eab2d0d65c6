//! Two views of a workflow, the catalog's and the server's → what has changed.

use std::collections::BTreeMap;

use serde_json::Value;
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow, files::steps_in_words};

use crate::output::shown;

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// What kind of thing, in a word for machines.
    pub(crate) what: &'static str,
    /// The code may have to change with it; otherwise it is good to know.
    pub(crate) is_drift: bool,
    pub(crate) variable: Option<String>,
    pub(crate) message: String,
}

/// What has changed since `old`.
pub(crate) fn compare(old: &Workflow, new: &Workflow) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    match (old.active, new.active) {
        (true, false) => changes.drift("switched-off", "it is switched off: the server drops its events"),
        (false, true) => changes.drift("switched-on", "it is switched on again"),
        _ => {}
    }
    changes.need("actor", old.actor.as_ref(), new.actor.as_ref());
    changes.need("tenant", old.tenant.as_ref(), new.tenant.as_ref());
    changes.variables("", &old.variables, &new.variables);
    changes.closed("the payload", None, (old.closed, new.closed));
    for name in new.email_reads.iter().filter(|name| !old.email_reads.contains(name)) {
        changes.drift("email", &format!("its e-mails read `{}` now, which the server fills in itself", shown(name)));
    }
    for name in old.email_reads.iter().filter(|name| !new.email_reads.contains(name)) {
        changes.notice("email", format!("its e-mails no longer read their own `{}`", shown(name)));
    }
    if old.name != new.name {
        changes.notice("name", format!("it is called \"{}\" now", shown(&new.name)));
    }
    if old.schema != new.schema {
        changes.notice("schema", "the schema of its payload has changed");
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

    fn of(&mut self, path: &str, what: &'static str, is_drift: bool, variable: &Variable, message: &str) {
        let steps = steps_in_words(&variable.steps);
        let steps = if steps.is_empty() { steps } else { format!(" ({})", shown(&steps)) };
        let message = format!("`{}` {message}{steps}", shown(path));
        self.0.push(Change { what, is_drift, variable: Some(path.to_owned()), message });
    }

    fn need(&mut self, what: &'static str, old: Option<&Need>, new: Option<&Need>) {
        let article = if what == "actor" { "an actor" } else { "a tenant" };
        let grade = |need: Option<&Need>| need.map(|need| need.required);
        if grade(old) != grade(new) {
            let steps = new.or(old).map(|need| steps_in_words(&need.steps)).filter(|steps| !steps.is_empty());
            let steps = steps.map(|steps| format!(" ({})", shown(&steps))).unwrap_or_default();
            let message = match grade(new) {
                Some(true) => format!("it requires {article} now{steps}"),
                Some(false) if old.is_none() => format!("its templates read {article} now{steps}"),
                Some(false) => format!("it no longer requires {article}; its templates still read one{steps}"),
                None => format!("it no longer needs {article}{steps}"),
            };
            self.drift(what, &message);
        } else if old.map(|need| &need.steps) != new.map(|need| &need.steps) {
            let steps = new.map(|need| steps_in_words(&need.steps)).unwrap_or_default();
            self.notice("steps", format!("other steps read {article} now: {}", or_none(&steps)));
        }
    }

    /// `was`, `is`: the server rejects fields that the schema does not name.
    fn closed(&mut self, what: &str, path: Option<&str>, (was, is): (bool, bool)) {
        if was != is {
            let message = match is {
                true => format!("{what} now rejects fields that the schema does not name"),
                false => format!("{what} no longer rejects fields that the schema does not name"),
            };
            self.0.push(Change { what: "closed", is_drift: is, variable: path.map(str::to_owned), message });
        }
    }

    fn variables(&mut self, before: &str, old: &BTreeMap<String, Variable>, new: &BTreeMap<String, Variable>) {
        let path = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
        for (name, variable) in old {
            match new.get(name) {
                Some(now) => self.variable(&path(name), variable, now),
                None => self.gone(&path(name), variable),
            }
        }
        for (name, variable) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            self.come(&path(name), variable);
        }
    }

    fn come(&mut self, path: &str, variable: &Variable) {
        let words = variable.ty.kind().words();
        match (&variable.ty, variable.required) {
            (Type::Date, _) => self.of(path, "delay", true, variable, "is new: a delay waits for it"),
            (_, true) => self.of(path, "required", true, variable, &format!("is new, and required: {words}")),
            (_, false) => self.of(path, "new", true, variable, &format!("is new: {words}")),
        }
    }

    fn gone(&mut self, path: &str, variable: &Variable) {
        match (&variable.ty, variable.required) {
            (Type::Date, _) => self.of(path, "delay", true, variable, "is gone: no delay waits for it any more"),
            (_, true) => self.of(path, "not-required", true, variable, "was required, and is no longer read"),
            (_, false) => self.of(path, "gone", false, variable, "is no longer read"),
        }
    }

    fn variable(&mut self, path: &str, old: &Variable, new: &Variable) {
        let (was, is) = (old.ty.kind(), new.ty.kind());
        if was != is && (old.ty == Type::Date || new.ty == Type::Date) {
            let message = if new.ty == Type::Date {
                "is the moment that a delay waits for now"
            } else {
                "is no longer what a delay waits for"
            };
            self.of(path, "delay", true, new, message);
            return;
        }
        match (old.required, new.required) {
            (false, true) => self.of(path, "required", true, new, "is required now"),
            (true, false) => self.of(path, "not-required", true, new, "is no longer required"),
            _ => {}
        }
        if was != is {
            self.of(path, "kind", true, new, &format!("is {} now, and was {}", is.words(), was.words()));
            return;
        }
        if old.exact != new.exact {
            let message = if new.exact {
                "has to be exactly of its kind now"
            } else {
                "need not be exactly of its kind any more"
            };
            self.of(path, "kind", true, new, message);
        }
        if old.nullable != new.nullable {
            let message = if new.nullable { "may be `null` now" } else { "must not be `null` any more" };
            self.of(path, "null", new.exact && !new.nullable, new, message);
        }
        if old.allowed != new.allowed {
            let listed: Vec<String> = new.allowed.iter().map(Value::to_string).collect();
            let message = match listed.is_empty() {
                true => "takes other values than those listed now".to_owned(),
                false => format!("takes other values now: {}", shown(&listed.join(", "))),
            };
            self.of(path, "values", !new.allowed.is_empty(), new, &message);
        }
        self.closed(&format!("`{}`", shown(path)), Some(path), (old.closed, new.closed));
        // What was said of it names the steps already.
        if old.steps != new.steps && (old.required, old.exact) == (new.required, new.exact) {
            let steps = steps_in_words(&new.steps);
            let message = format!("`{}` is read by other steps now: {}", shown(path), or_none(&steps));
            self.0.push(Change { what: "steps", is_drift: false, variable: Some(path.to_owned()), message });
        }
        match (&old.ty, &new.ty) {
            (Type::Object(old), Type::Object(new)) => self.variables(path, old, new),
            (Type::Array(old), Type::Array(new)) => {
                let inside = format!("{path}[]");
                match (old, new) {
                    (Some(old), Some(new)) => self.variable(&inside, old, new),
                    (Some(old), None) => self.gone(&inside, old),
                    (None, Some(new)) => self.come(&inside, new),
                    (None, None) => {}
                }
            }
            _ => {}
        }
    }
}

fn or_none(steps: &str) -> String {
    if steps.is_empty() { "none that is known".to_owned() } else { shown(steps) }
}
