//! A workflow as the server keeps it → what it wants of its payload.
//!
//! Source: the rules that the server itself goes by, in its `verify-payload.usecase.ts`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use teleflow_catalog::{Need, Type, Variable, Workflow};

use crate::say::shown;
use crate::templates::readings;
use crate::tree::{Declared, Evidence, Node, Place, dotted, leads_into_a_list, listed};

/// Roots that the server fills in itself.
const SYSTEM_ROOTS: [&str; 6] = ["subscriber", "step", "branding", "tenant", "preheader", "actor"];

/// A document's workflow, and what is odd about it.
pub(crate) fn understand(trigger: &str, document: &Value) -> (Workflow, Vec<String>) {
    let steps = list(document, "steps");
    let names = step_names(steps);
    let mut known = Known { delays: steps.iter().filter_map(delay_path).collect(), ..Known::default() };
    for (index, step) in steps.iter().enumerate() {
        known.read_step(index, step);
    }
    let first = list(document, "triggers").first();
    for variable in first.map(|trigger| list(trigger, "variables")).unwrap_or_default() {
        known.listed(variable);
    }
    let reserved: BTreeSet<&str> = first
        .map(|trigger| list(trigger, "reservedVariables"))
        .unwrap_or_default()
        .iter()
        .filter_map(|reserved| text(reserved, "type"))
        .collect();
    let need = |root: &str, readers: &BTreeSet<usize>| {
        let required = reserved.contains(root);
        let steps = readers.iter().filter_map(|step| names.get(*step).cloned()).collect();
        (required || !readers.is_empty()).then_some(Need { required, steps })
    };
    let (actor, tenant) = (need("actor", &known.actor), need("tenant", &known.tenant));

    let mut variables = known.payload.variables(&names);
    let lost = known.tested.iter().filter(|name| dotted(name).is_some_and(|way| leads_into_a_list(&variables, &way)));
    let warnings = lost.map(|name| {
        format!(
            "workflow `{}` requires `{}` inside the elements of a list, where the server never finds it: it refuses every event",
            shown(trigger),
            shown(name)
        )
    });
    let warnings = warnings.collect();
    for path in known.delays {
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
        closed: false,
        schema: None,
    };
    (workflow, warnings)
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
}

impl<'a> Known<'a> {
    fn read_step(&mut self, index: usize, step: &'a Value) {
        let template = step.get("template").unwrap_or(&Value::Null);
        let variants = list(step, "variants").iter().filter_map(|variant| variant.get("template"));
        for text in std::iter::once(template).chain(variants).flat_map(texts) {
            for reading in readings(text) {
                self.note(&reading.way, reading.how, Some(index));
            }
        }
        for variable in list(template, "variables") {
            let Some((name, declared)) = declaration(variable) else {
                continue;
            };
            // What it tests it looks for by the name's dots alone.
            let is_tested = variable.get("required") == Some(&Value::Bool(true));
            let Some(way) = (if is_tested { dotted(name) } else { listed(name) }) else {
                continue;
            };
            if is_tested {
                self.tested.insert(name);
            }
            let evidence = if is_tested { Evidence::Tested(declared) } else { Evidence::Listed(declared) };
            self.note(&way, evidence, Some(index));
        }
        if let Some(path) = delay_path(step) {
            self.payload.note(&[Place::Field(path.to_owned())], Evidence::Used, Some(index));
        }
        let conditions = || list(step, "filters").iter().flat_map(|filter| list(filter, "children"));
        if conditions().any(|condition| text(condition, "on") == Some("tenant")) {
            self.tenant.insert(index);
        }
        let fields = conditions().filter(|condition| text(condition, "on") == Some("payload"));
        let digest = step.get("metadata").and_then(|metadata| text(metadata, "digestKey"));
        let digest = digest.filter(|_| text(template, "type") == Some("digest"));
        for name in fields.filter_map(|condition| text(condition, "field")).chain(digest) {
            if let Some(way) = dotted(name) {
                self.note(&way, Evidence::Used, Some(index));
            }
        }
    }

    fn listed(&mut self, variable: &Value) {
        if let Some((name, declared)) = declaration(variable).filter(|(name, _)| !self.delays.contains(name))
            && let Some(way) = listed(name)
        {
            self.note(&way, Evidence::Listed(declared), None);
        }
    }

    fn note(&mut self, way: &[Place], evidence: Evidence, step: Option<usize>) {
        match way.first() {
            Some(Place::Field(root)) if SYSTEM_ROOTS.contains(&root.as_str()) => match root.as_str() {
                "actor" => self.actor.extend(step),
                "tenant" => self.tenant.extend(step),
                _ => {}
            },
            _ => self.payload.note(way, evidence, step),
        }
    }
}

/// Each step under a name of its own: the one that people gave it, or its kind. They end up in the compiler's messages.
fn step_names(steps: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    let mut taken = BTreeSet::new();
    // The last number of each plain name.
    let mut numbers = BTreeMap::new();
    for step in steps {
        let given = text(step, "name").filter(|name| !name.trim().is_empty());
        let kind = step.get("template").and_then(|template| text(template, "type"));
        let plain = shown(given.or(kind).unwrap_or("step"));
        let number = numbers.entry(plain.clone()).or_insert(0_usize);
        loop {
            *number += 1;
            let name = if *number == 1 { plain.clone() } else { format!("{plain} ({number})") };
            if taken.insert(name.clone()) {
                names.push(name);
                break;
            }
        }
    }
    names
}

/// The key of the payload that a scheduled delay reads: the whole text, never a path.
fn delay_path(step: &Value) -> Option<&str> {
    let is_delay = step.get("template").and_then(|template| text(template, "type")) == Some("delay");
    let metadata = step.get("metadata").filter(|metadata| text(metadata, "type") == Some("scheduled"))?;
    text(metadata, "delayPath").filter(|path| is_delay && !path.is_empty())
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

/// All texts of a template that are rendered.
fn texts(template: &Value) -> Vec<&str> {
    let mut texts: Vec<&str> =
        ["subject", "title", "preheader", "senderName"].iter().filter_map(|key| text(template, key)).collect();
    match template.get("content") {
        Some(Value::String(content)) => texts.push(content),
        Some(Value::Array(blocks)) => {
            texts.extend(blocks.iter().flat_map(|block| [text(block, "content"), text(block, "url")]).flatten());
        }
        _ => {}
    }
    let action = template.pointer("/cta/action").unwrap_or(&Value::Null);
    texts.extend(template.pointer("/cta/data/url").and_then(Value::as_str));
    texts.extend(list(action, "buttons").iter().filter_map(|button| text(button, "content")));
    texts
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
