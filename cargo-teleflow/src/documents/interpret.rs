//! A workflow as the server keeps it → what it wants of its payload.
//!
//! Source: the rules that the server itself goes by, in its `verify-payload.usecase.ts`.

use std::collections::BTreeSet;

use serde_json::Value;
use teleflow_catalog::server_facts::is_reserved_variable;
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow};

use crate::documents::dialect::Dialect;
use crate::documents::handlebars::{Reading, Root, readings_of_condition};
use crate::documents::liquid;
use crate::documents::steps::{Rendered, Step, fields, list, steps, text};
use crate::documents::texts::texts;
use crate::documents::usage::{DEEPEST, Declared, Evidence, Node, Place, dotted, leads_into_a_list, listed};
use crate::output::shown;

/// A document's workflow, and what is odd about it.
pub(crate) fn understand(trigger: &str, document: &Value) -> (Workflow, Vec<String>) {
    let steps = steps(document);
    let first = list(document, "triggers").first();
    let listed = first.map(|trigger| list(trigger, "variables")).unwrap_or_default();
    let dialect = dialect(document, &steps, listed);

    let mut known = Known { delays: steps.iter().filter_map(|step| step.delay_path).collect(), ..Known::default() };
    for (index, step) in steps.iter().enumerate() {
        known.read_tested(index, step);
        known.read_texts(trigger, index, step, dialect);
        if step.runs {
            known.read_conditions(index, step);
        }
    }
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.runs) {
        for variable in list(step.template, "variables").iter().filter(|variable| !is_tested(variable)) {
            known.read_listed(variable, Some(index), dialect);
        }
    }
    for variable in listed {
        known.read_listed(variable, None, dialect);
    }
    known.into_workflow(trigger, document, &steps)
}

fn dialect(document: &Value, steps: &[Step<'_>], listed: &[Value]) -> Dialect {
    let of_steps = steps.iter().flat_map(|step| list(step.template, "variables"));
    let listed: BTreeSet<&str> = listed.iter().chain(of_steps).filter_map(|variable| text(variable, "name")).collect();
    let templates = steps.iter().flat_map(|step| &step.templates);
    let texts = templates.filter_map(|rendered| rendered.template).flat_map(texts).map(|text| text.source);
    Dialect::of(text(document, "origin"), &listed, texts)
}

#[derive(Default)]
struct Known<'a> {
    payload: Node,
    /// Steps that read variables of the actor and of the tenant.
    actor: BTreeSet<usize>,
    tenant: BTreeSet<usize>,
    /// The keys of dates that delays wait for: the server lists them as if they were paths.
    delays: BTreeSet<&'a str>,
    /// What the server tests before it takes an event.
    tested: BTreeSet<&'a str>,
    /// What is read of the payload, and what only looks like it: steps that never run read it, or the server fills it
    /// in itself. With everything on the way there, as the server lists it.
    read: BTreeSet<Vec<String>>,
    not_read: BTreeSet<Vec<String>>,
    /// What e-mail templates read that the server fills in itself.
    email_reads: BTreeSet<&'static str>,
    warnings: Vec<String>,
}

impl<'a> Known<'a> {
    /// What the server tests, whether the step runs or not. It looks for it by the name's dots alone.
    fn read_tested(&mut self, index: usize, step: &Step<'a>) {
        for variable in list(step.template, "variables").iter().filter(|variable| is_tested(variable)) {
            if let Some((name, declared)) = declaration(variable)
                && let Some(way) = dotted(name)
            {
                self.tested.insert(name);
                // What the server fills in itself it does not test.
                if step.runs || !is_reserved(&way) {
                    self.note(&way, Evidence::Tested(declared), Some(index));
                }
            }
        }
        if let Some(path) = step.delay_path {
            self.payload.note(&[Place::Field(path.to_owned())], Evidence::Used, Some(index));
        }
    }

    fn read_texts(&mut self, trigger: &str, index: usize, step: &Step<'a>, dialect: Dialect) {
        for Rendered { words, template, is_layout, runs } in &step.templates {
            let Some(template) = template else {
                self.warn(*runs, trigger, format!("the server does not have {words}"));
                continue;
            };
            let defaults = if *is_layout { defaults(template) } else { BTreeSet::new() };
            for text in texts(template) {
                match dialect.readings(text.source) {
                    Ok(readings) => {
                        for reading in readings.iter().filter(|reading| !defaults.contains(&names(&reading.way))) {
                            let hidden = text.hidden.iter().find(|hidden| is_of(hidden, reading));
                            self.read(index, reading, *runs, hidden.copied());
                        }
                    }
                    Err(error) => {
                        let error = shown(&error);
                        let what = format!("the {} of {words} cannot be read as a template ({error})", text.label);
                        self.warn(*runs, trigger, what);
                    }
                }
            }
        }
    }

    /// Warns of a text that is not known, if the server renders it.
    fn warn(&mut self, runs: bool, trigger: &str, what: String) {
        if runs {
            self.warnings.push(format!(
                "workflow `{}`: {what}; the variables that only this text reads are missing from the catalog: correct it \
                 on the server, and pull again",
                shown(trigger)
            ));
        }
    }

    fn read(&mut self, index: usize, reading: &Reading, runs: bool, hidden: Option<&'static str>) {
        let is_read = runs && hidden.is_none();
        match reading.root {
            Root::Actor if runs => self.actor.extend([index]),
            Root::Tenant if runs => self.tenant.extend([index]),
            Root::Actor | Root::Tenant => {}
            Root::Payload | Root::Collected => {
                let names = names(&reading.way);
                let set = if is_read { &mut self.read } else { &mut self.not_read };
                set.extend((1..=names.len()).filter_map(|end| names.get(..end)).map(<[String]>::to_vec));
                self.email_reads.extend(hidden.filter(|_| runs));
                if is_read {
                    self.payload.note(&reading.way, reading.how, Some(index));
                }
            }
        }
    }

    fn read_conditions(&mut self, index: usize, step: &Step<'a>) {
        for condition in &step.conditions {
            match text(condition, "on") {
                Some("tenant") => self.tenant.extend([index]),
                Some("payload") => self.read_fields(index, text(condition, "field")),
                _ => {}
            }
            let readings = text(condition, "value").map(readings_of_condition);
            for reading in readings.into_iter().flatten().flatten() {
                self.read(index, &reading, true, None);
            }
        }
        self.read_fields(index, step.digest_key);
    }

    fn read_fields(&mut self, index: usize, name: Option<&str>) {
        for way in name.map(fields).unwrap_or_default() {
            self.read(index, &Reading { root: Root::Payload, way, how: Evidence::Used }, true, None);
        }
    }

    fn read_listed(&mut self, variable: &'a Value, step: Option<usize>, dialect: Dialect) {
        if let Some((name, declared)) = declaration(variable)
            && !self.delays.contains(name)
            && let Some(way) = listed(name)
            && let Some(way) = if dialect == Dialect::Liquid { liquid::of_payload(way) } else { Some(way) }
            && !self.is_read_elsewhere(&names(&way))
        {
            self.note(&way, Evidence::Listed(declared), step);
        }
    }

    /// Is it known to be read, and never from the payload?
    fn is_read_elsewhere(&self, names: &[String]) -> bool {
        self.not_read.contains(names) && !self.read.contains(names)
    }

    fn note(&mut self, way: &[Place], evidence: Evidence, step: Option<usize>) {
        match way.first() {
            Some(Place::Field(root)) if is_reserved_variable(root) => match root.as_str() {
                "actor" => self.actor.extend(step),
                "tenant" => self.tenant.extend(step),
                _ => {}
            },
            _ => self.payload.note(way, evidence, step),
        }
    }

    fn into_workflow(self, trigger: &str, document: &Value, steps: &[Step<'_>]) -> (Workflow, Vec<String>) {
        let step_names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
        let first = list(document, "triggers").first();
        let reserved = first.map(|trigger| list(trigger, "reservedVariables")).unwrap_or_default();
        let need = |root: &str, readers: &BTreeSet<usize>| {
            let required = reserved.iter().any(|reserved| text(reserved, "type") == Some(root));
            let steps = readers.iter().filter_map(|step| step_names.get(*step).cloned()).collect();
            (required || !readers.is_empty()).then_some(Need { required, steps })
        };
        let (actor, tenant) = (need("actor", &self.actor), need("tenant", &self.tenant));

        let mut variables = self.payload.variables(&step_names);
        let mut warnings = self.warnings;
        for name in &self.tested {
            if dotted(name).is_some_and(|way| leads_into_a_list(&variables, &way)) {
                warnings.push(format!(
                    "workflow `{}` requires `{}` inside the elements of a list, where the server never finds it: it \
                     refuses every event",
                    shown(trigger),
                    shown(name)
                ));
            }
        }
        for path in self.delays {
            let date = variables.entry(path.to_owned()).or_insert_with(|| Variable::rendered(Type::Date));
            (date.ty, date.required, date.exact) = (Type::Date, true, false);
        }
        let workflow = Workflow {
            trigger: trigger.to_owned(),
            name: text(document, "name").map(shown).unwrap_or_default(),
            active: document.get("active") == Some(&Value::Bool(true)),
            actor,
            tenant,
            variables,
            email_reads: self.email_reads.into_iter().map(str::to_owned).collect(),
            closed: false,
            schema: None,
        };
        (workflow, warnings)
    }
}

/// Does a reading begin at this variable of what the template sees?
fn is_of(variable: &str, reading: &Reading) -> bool {
    let is_first = matches!(reading.way.first(), Some(Place::Field(name)) if name == variable);
    is_first && reading.root == Root::Payload
}

/// Does the way begin at what the server fills in itself?
fn is_reserved(way: &[Place]) -> bool {
    matches!(way.first(), Some(Place::Field(root)) if is_reserved_variable(root))
}

/// A way as the server lists it: without what says that it is an element.
fn names(way: &[Place]) -> Vec<String> {
    let is_name = |(index, place): (usize, &Place)| match place {
        Place::Field(name) if index == 0 => Some(name.clone()),
        Place::Field(name) => {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            (!is_index && name != "this" && name != "length").then(|| name.clone())
        }
        Place::Element => None,
    };
    way.iter().enumerate().filter_map(is_name).take(DEEPEST).collect()
}

/// The variables of a layout that have a default value.
fn defaults(layout: &Value) -> BTreeSet<Vec<String>> {
    let has_default = |variable: &&Value| {
        variable
            .get("defaultValue")
            .is_some_and(|default| !matches!(default, Value::Null) && default.as_str() != Some(""))
    };
    let variables = list(layout, "variables").iter().filter(has_default);
    variables.filter_map(|variable| listed(text(variable, "name")?)).map(|way| names(&way)).collect()
}

fn is_tested(variable: &Value) -> bool {
    variable.get("required") == Some(&Value::Bool(true))
}

fn declaration(variable: &Value) -> Option<(&str, Declared)> {
    let declared = match text(variable, "type") {
        Some("String") => Declared::String,
        Some("Array") => Declared::Array,
        Some("Boolean") => Declared::Boolean,
        _ => Declared::Nothing,
    };
    Some((text(variable, "name")?, declared))
}
