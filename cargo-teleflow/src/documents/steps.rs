//! The steps of a workflow's document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::documents::handlebars;
use crate::documents::usage::{Place, dotted};
use crate::output::shown;

/// The key under which a template has its layout: an object, or `null` if the server does not have the layout.
pub(crate) const LAYOUT: &str = "layout";

/// A step, as a document has it.
pub(crate) struct Step<'a> {
    /// A name of its own: the one that people gave it, or its kind. It ends up in the compiler's messages.
    pub(crate) name: String,
    /// Does the server run it?
    pub(crate) runs: bool,
    /// Its message template.
    pub(crate) template: &'a Value,
    /// The step's template, those of its variants, and the layouts of e-mails.
    pub(crate) templates: Vec<Rendered<'a>>,
    /// The key of the payload that a scheduled delay reads: the whole text, never a path.
    pub(crate) delay_path: Option<&'a str>,
    /// The conditions of the step and of its variants.
    pub(crate) conditions: Vec<&'a Value>,
    /// The key by which a digest groups events.
    pub(crate) digest_key: Option<&'a str>,
}

/// A template of a step.
pub(crate) struct Rendered<'a> {
    /// What it is: "variant 1 of step `email`".
    pub(crate) words: String,
    /// A layout. None if the server does not have the one that a template names.
    pub(crate) template: Option<&'a Value>,
    pub(crate) is_layout: bool,
    /// May the server render it?
    pub(crate) runs: bool,
}

impl<'a> Rendered<'a> {
    /// A template, and its layout if it has one.
    fn all(words: &str, template: &'a Value, runs: bool) -> impl Iterator<Item = Self> {
        let own = Self { words: words.to_owned(), template: Some(template), is_layout: false, runs };
        let layout = template.get(LAYOUT).map(|layout| Self {
            words: format!("the layout of {words}"),
            template: Some(layout).filter(|layout| layout.is_object()),
            is_layout: true,
            runs,
        });
        std::iter::once(own).chain(layout)
    }
}

/// All steps of a document.
pub(crate) fn steps(document: &Value) -> Vec<Step<'_>> {
    let steps = list(document, "steps");
    // Source: create-notification-jobs.usecase.ts. Where a digest runs, inactive steps run, too.
    let all_run = steps.iter().any(|step| {
        let has_type = step.get("metadata").is_some_and(|metadata| text(metadata, "type").is_some());
        is_active(step) && kind(step) == Some("digest") && has_type
    });
    let read = |(step, name)| read_step(step, name, all_run);
    steps.iter().zip(names(steps)).map(read).collect()
}

fn read_step<'a>(step: &'a Value, name: String, all_run: bool) -> Step<'a> {
    let metadata = step.get("metadata").unwrap_or(&Value::Null);
    let template = step.get("template").unwrap_or(&Value::Null);
    let runs = all_run || is_active(step);
    let variants = list(step, "variants");
    let mut templates = Vec::from_iter(Rendered::all(&format!("step `{name}`"), template, runs));
    for (index, variant) in variants.iter().enumerate() {
        let words = format!("variant {} of step `{name}`", index + 1);
        let template = variant.get("template").unwrap_or(&Value::Null);
        templates.extend(Rendered::all(&words, template, runs && is_active(variant)));
    }
    let conditional = std::iter::once(step).chain(variants.iter().filter(|variant| is_active(variant)));
    let filters = conditional.flat_map(|of| list(of, "filters"));
    Step {
        runs,
        template,
        templates,
        delay_path: text(metadata, "delayPath").filter(|path| {
            kind(step) == Some("delay") && text(metadata, "type") == Some("scheduled") && !path.is_empty()
        }),
        conditions: filters.flat_map(|filter| list(filter, "children")).collect(),
        digest_key: text(metadata, "digestKey").filter(|_| kind(step) == Some("digest")),
        name,
    }
}

fn is_active(of: &Value) -> bool {
    of.get("active") == Some(&Value::Bool(true))
}

fn kind(step: &Value) -> Option<&str> {
    text(step.get("template")?, "type")
}

/// Each step under a name of its own.
fn names(steps: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    let mut taken = BTreeSet::new();
    // The last number of each plain name.
    let mut numbers = BTreeMap::new();
    for step in steps {
        let given = text(step, "name").filter(|name| !name.trim().is_empty());
        let plain = shown(given.or(kind(step)).unwrap_or("step"));
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

/// The paths in the payload that the field of a condition or the key of a digest names.
// Source: conditions-filter.usecase.ts and merge-or-create-digest.usecase.ts: lodash's `get`.
pub(crate) fn fields(name: &str) -> Vec<Vec<Place>> {
    if name.contains("{{") {
        // Written as a template, which it is not.
        let readings = handlebars::readings(name).unwrap_or_default();
        return readings.into_iter().map(|reading| without_payload(reading.way)).collect();
    }
    name.split(',').filter_map(|name| field(name.trim())).collect()
}

/// `payload.id` is `id`.
fn without_payload(mut way: Vec<Place>) -> Vec<Place> {
    if way.len() > 1 && way.first() == Some(&Place::Field("payload".to_owned())) {
        way.remove(0);
    }
    way
}

/// `items[0].sku` or `items.0.sku`.
fn field(name: &str) -> Option<Vec<Place>> {
    let is_index = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let mut way = dotted(&name.replace('[', ".").replace(']', ""))?;
    for place in way.iter_mut().skip(1) {
        if matches!(place, Place::Field(name) if is_index(name)) {
            *place = Place::Element;
        }
    }
    Some(way)
}

/// A text of an object.
pub(crate) fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// A list of an object; an empty one if it has none.
pub(crate) fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
