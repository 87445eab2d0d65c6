//! The steps of a workflow's document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::handlebars;
use super::path::{Segment, parse_dotted};
use crate::json::{array, string};
use crate::output::shown;

/// The key under which a template has its layout: an object, or `null` if the server does not have the layout.
pub(crate) const LAYOUT: &str = "layout";

/// A step of a workflow.
pub(crate) struct Step<'a> {
    /// A unique name for messages: the one from the dashboard, or the kind of the step.
    pub(crate) name: String,
    /// Whether the server runs it.
    pub(crate) runs: bool,
    /// Its message template.
    pub(crate) template: &'a Value,
    /// The step's template, those of its variants, and the layouts of e-mails.
    pub(crate) templates: Vec<StepTemplate<'a>>,
    /// The key of the payload that a scheduled delay reads. It is never a path.
    pub(crate) delay_path: Option<&'a str>,
    /// The conditions of the step and of its variants.
    pub(crate) conditions: Vec<&'a Value>,
    /// The key by which a digest groups events.
    pub(crate) digest_key: Option<&'a str>,
}

/// A template of a step.
pub(super) struct StepTemplate<'a> {
    /// "variant 1 of step `email`".
    pub(crate) description: String,
    /// The template's document; `None` for a layout that the server does not have.
    pub(crate) document: Option<&'a Value>,
    pub(crate) is_layout: bool,
    /// Whether the server may render it.
    pub(crate) runs: bool,
}

impl<'a> StepTemplate<'a> {
    /// A template, and its layout if it has one.
    fn with_layout(description: &str, template: &'a Value, runs: bool) -> impl Iterator<Item = Self> {
        let own = Self { description: description.to_owned(), document: Some(template), is_layout: false, runs };
        let layout = template.get(LAYOUT).map(|layout| Self {
            description: format!("the layout of {description}"),
            document: Some(layout).filter(|layout| layout.is_object()),
            is_layout: true,
            runs,
        });
        std::iter::once(own).chain(layout)
    }
}

/// All steps of a document.
pub(crate) fn steps(document: &Value) -> Vec<Step<'_>> {
    let steps = array(document, "steps");
    // If a digest runs, inactive steps run too.
    // Source: create-notification-jobs.usecase.ts.
    let all_run = steps.iter().any(|step| {
        let has_type = step.get("metadata").is_some_and(|metadata| string(metadata, "type").is_some());
        is_active(step) && kind(step) == Some("digest") && has_type
    });
    let read = |(step, name)| read_step(step, name, all_run);
    steps.iter().zip(names(steps)).map(read).collect()
}

fn read_step<'a>(step: &'a Value, name: String, all_run: bool) -> Step<'a> {
    let metadata = step.get("metadata").unwrap_or(&Value::Null);
    let template = step.get("template").unwrap_or(&Value::Null);
    let runs = all_run || is_active(step);
    let variants = array(step, "variants");
    let mut templates = Vec::from_iter(StepTemplate::with_layout(&format!("step `{name}`"), template, runs));
    for (index, variant) in variants.iter().enumerate() {
        let description = format!("variant {} of step `{name}`", index + 1);
        let template = variant.get("template").unwrap_or(&Value::Null);
        templates.extend(StepTemplate::with_layout(&description, template, runs && is_active(variant)));
    }
    let conditional = std::iter::once(step).chain(variants.iter().filter(|variant| is_active(variant)));
    let filters = conditional.flat_map(|of| array(of, "filters"));
    Step {
        runs,
        template,
        templates,
        delay_path: string(metadata, "delayPath").filter(|path| {
            kind(step) == Some("delay") && string(metadata, "type") == Some("scheduled") && !path.is_empty()
        }),
        conditions: filters.flat_map(|filter| array(filter, "children")).collect(),
        digest_key: string(metadata, "digestKey").filter(|_| kind(step) == Some("digest")),
        name,
    }
}

fn is_active(of: &Value) -> bool {
    of.get("active") == Some(&Value::Bool(true))
}

fn kind(step: &Value) -> Option<&str> {
    string(step.get("template")?, "type")
}

/// A unique name for each step.
fn names(steps: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    let mut used = BTreeSet::new();
    // How often each plain name occurred.
    let mut numbers = BTreeMap::new();
    for step in steps {
        let given = string(step, "name").filter(|name| !name.trim().is_empty());
        let plain = shown(given.or(kind(step)).unwrap_or("step"));
        let number = numbers.entry(plain.clone()).or_insert(0_usize);
        loop {
            *number += 1;
            let name = if *number == 1 { plain.clone() } else { format!("{plain} ({number})") };
            if used.insert(name.clone()) {
                names.push(name);
                break;
            }
        }
    }
    names
}

/// The paths in the payload that the field of a condition or the key of a digest names.
// Source: conditions-filter.usecase.ts and merge-or-create-digest.usecase.ts, which use lodash's `get`.
pub(super) fn condition_paths(name: &str) -> Vec<Vec<Segment>> {
    if name.contains("{{") {
        // The server does not render it, but users write templates.
        let usages = handlebars::usages(name).unwrap_or_default();
        return usages.into_iter().map(|usage| without_payload(usage.path)).collect();
    }
    name.split(',').filter_map(|name| condition_path(name.trim())).collect()
}

/// Removes a leading `payload`: `payload.id` becomes `id`.
fn without_payload(mut path: Vec<Segment>) -> Vec<Segment> {
    if path.len() > 1 && path.first() == Some(&Segment::Field("payload".to_owned())) {
        path.remove(0);
    }
    path
}

/// Parses `items[0].sku` or `items.0.sku`.
fn condition_path(name: &str) -> Option<Vec<Segment>> {
    let is_index = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let mut path = parse_dotted(&name.replace('[', ".").replace(']', ""))?;
    for segment in path.iter_mut().skip(1) {
        if matches!(segment, Segment::Field(name) if is_index(name)) {
            *segment = Segment::Element;
        }
    }
    Some(path)
}
