//! Finds the variables of a workflow's payload.

// Source: verify-payload.usecase.ts, for what the server requires.

use std::collections::BTreeSet;

use serde_json::Value;
use teleflow_catalog::server_facts::is_reserved_variable;
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow};

use super::dialect::Dialect;
use super::handlebars::condition_usages;
use super::liquid;
use super::path::{MAX_DEPTH, Segment, parse_dotted, parse_listed};
use super::steps::{Step, StepTemplate, condition_paths, steps};
use super::texts::texts;
use super::usage::{DeclaredType, Evidence, Root, Usage};
use super::variable_tree::{VariableTree, is_inside_array};
use crate::json::{array, string};
use crate::output::shown;

/// Interprets a workflow's document. Returns the workflow and warnings about it.
pub(crate) fn interpret(trigger: &str, document: &Value) -> (Workflow, Vec<String>) {
    let steps = steps(document);
    let first = array(document, "triggers").first();
    let listed = first.map(|trigger| array(trigger, "variables")).unwrap_or_default();
    let dialect = dialect(document, &steps, listed);

    let delays = steps.iter().filter_map(|step| step.delay_path).collect();
    let mut interpreter = Interpreter { delays, ..Interpreter::default() };
    for (index, step) in steps.iter().enumerate() {
        interpreter.read_required(index, step);
        interpreter.read_texts(trigger, index, step, dialect);
        if step.runs {
            interpreter.read_conditions(index, step);
        }
    }
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.runs) {
        for variable in array(step.template, "variables").iter().filter(|variable| !is_required(variable)) {
            interpreter.read_listed(variable, Some(index), dialect);
        }
    }
    for variable in listed {
        interpreter.read_listed(variable, None, dialect);
    }
    interpreter.into_workflow(trigger, document, &steps)
}

fn dialect(document: &Value, steps: &[Step<'_>], listed: &[Value]) -> Dialect {
    let of_steps = steps.iter().flat_map(|step| array(step.template, "variables"));
    let listed: BTreeSet<&str> =
        listed.iter().chain(of_steps).filter_map(|variable| string(variable, "name")).collect();
    let templates = steps.iter().flat_map(|step| &step.templates);
    let texts = templates.filter_map(|template| template.document).flat_map(texts).map(|text| text.source);
    Dialect::detect(string(document, "origin"), &listed, texts)
}

#[derive(Default)]
struct Interpreter<'a> {
    payload: VariableTree,
    /// The steps that read variables of the actor, and of the tenant.
    actor: BTreeSet<usize>,
    tenant: BTreeSet<usize>,
    /// The keys of the dates that delays wait for. The server lists them as if they were paths.
    delays: BTreeSet<&'a str>,
    /// The variables that the server requires.
    required: BTreeSet<&'a str>,
    /// Paths that are read from the payload, with all their parents, without indexes.
    read: BTreeSet<Vec<String>>,
    /// Paths that are not: only steps that never run read them, or the server sets them itself.
    not_read: BTreeSet<Vec<String>>,
    /// The variables of e-mail templates that the server sets itself.
    email_reads: BTreeSet<&'static str>,
    warnings: Vec<String>,
}

impl<'a> Interpreter<'a> {
    /// Reads the variables that the server requires, even where the step never runs. It splits their names at the dots only.
    fn read_required(&mut self, index: usize, step: &Step<'a>) {
        for variable in array(step.template, "variables").iter().filter(|variable| is_required(variable)) {
            if let Some((name, declared)) = declaration(variable)
                && let Some(path) = parse_dotted(name)
            {
                self.required.insert(name);
                // The server does not require what it sets itself.
                if step.runs || !is_reserved(&path) {
                    self.record(&path, Evidence::Required(declared), Some(index));
                }
            }
        }
        if let Some(path) = step.delay_path {
            self.payload.record(&[Segment::Field(path.to_owned())], Evidence::Used, Some(index));
        }
    }

    fn read_texts(&mut self, trigger: &str, index: usize, step: &Step<'a>, dialect: Dialect) {
        for StepTemplate { description, document, is_layout, runs } in &step.templates {
            let Some(document) = document else {
                self.warn(*runs, trigger, &format!("the server does not have {description}"));
                continue;
            };
            let defaults = if *is_layout { layout_defaults(document) } else { BTreeSet::new() };
            for text in texts(document) {
                match dialect.usages(text.source) {
                    Ok(usages) => {
                        for usage in usages.iter().filter(|usage| !defaults.contains(&listed_names(&usage.path))) {
                            let shadowed = text.shadowed.iter().find(|name| starts_with(usage, name));
                            self.read(index, usage, *runs, shadowed.copied());
                        }
                    }
                    Err(error) => {
                        let (label, error) = (text.label, shown(&error));
                        let what = format!("the {label} of {description} is not a valid template ({error})");
                        self.warn(*runs, trigger, &what);
                    }
                }
            }
        }
    }

    /// Warns of a text that cannot be read, if the server renders it.
    fn warn(&mut self, runs: bool, trigger: &str, what: &str) {
        if runs {
            self.warnings.push(format!(
                "workflow `{}`: {what}, so its variables are missing from the catalog; correct it on the server and run \
                 `cargo teleflow pull` again",
                shown(trigger)
            ));
        }
    }

    fn read(&mut self, index: usize, usage: &Usage, runs: bool, shadowed: Option<&'static str>) {
        let is_read = runs && shadowed.is_none();
        match usage.root {
            Root::Actor if runs => self.actor.extend([index]),
            Root::Tenant if runs => self.tenant.extend([index]),
            Root::Actor | Root::Tenant => {}
            Root::Payload | Root::Collected => {
                let names = listed_names(&usage.path);
                let set = if is_read { &mut self.read } else { &mut self.not_read };
                set.extend((1..=names.len()).filter_map(|end| names.get(..end)).map(<[String]>::to_vec));
                self.email_reads.extend(shadowed.filter(|_| runs));
                if is_read {
                    self.payload.record(&usage.path, usage.evidence, Some(index));
                }
            }
        }
    }

    fn read_conditions(&mut self, index: usize, step: &Step<'a>) {
        for condition in &step.conditions {
            match string(condition, "on") {
                Some("tenant") => self.tenant.extend([index]),
                Some("payload") => self.read_paths(index, string(condition, "field")),
                _ => {}
            }
            let usages = string(condition, "value").map(condition_usages);
            for usage in usages.into_iter().flatten().flatten() {
                self.read(index, &usage, true, None);
            }
        }
        self.read_paths(index, step.digest_key);
    }

    fn read_paths(&mut self, index: usize, paths: Option<&str>) {
        for path in paths.map(condition_paths).unwrap_or_default() {
            self.read(index, &Usage { root: Root::Payload, path, evidence: Evidence::Used }, true, None);
        }
    }

    fn read_listed(&mut self, variable: &'a Value, step: Option<usize>, dialect: Dialect) {
        if let Some((name, declared)) = declaration(variable)
            && !self.delays.contains(name)
            && let Some(path) = parse_listed(name)
            && let Some(path) = if dialect == Dialect::Liquid { liquid::payload_path(path) } else { Some(path) }
            && !self.is_never_read(&listed_names(&path))
        {
            self.record(&path, Evidence::Listed(declared), step);
        }
    }

    /// Returns whether the usages of a listed variable were found, and none of them is of the payload.
    fn is_never_read(&self, names: &[String]) -> bool {
        self.not_read.contains(names) && !self.read.contains(names)
    }

    fn record(&mut self, path: &[Segment], evidence: Evidence, step: Option<usize>) {
        match path.first() {
            Some(Segment::Field(root)) if is_reserved_variable(root) => match root.as_str() {
                "actor" => self.actor.extend(step),
                "tenant" => self.tenant.extend(step),
                _ => {}
            },
            _ => self.payload.record(path, evidence, step),
        }
    }

    fn into_workflow(self, trigger: &str, document: &Value, steps: &[Step<'_>]) -> (Workflow, Vec<String>) {
        let step_names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
        let first = array(document, "triggers").first();
        let reserved = first.map(|trigger| array(trigger, "reservedVariables")).unwrap_or_default();
        let need = |root: &str, readers: &BTreeSet<usize>| {
            let required = reserved.iter().any(|reserved| string(reserved, "type") == Some(root));
            let steps = readers.iter().filter_map(|step| step_names.get(*step).cloned()).collect();
            (required || !readers.is_empty()).then_some(Need { required, steps })
        };
        let (actor, tenant) = (need("actor", &self.actor), need("tenant", &self.tenant));

        let mut variables = self.payload.into_variables(&step_names);
        let mut warnings = self.warnings;
        for name in &self.required {
            if parse_dotted(name).is_some_and(|path| is_inside_array(&variables, &path)) {
                warnings.push(format!(
                    "workflow `{}` requires `{}` inside an array, where the server never finds it, so it rejects every \
                     event; remove the requirement on the server",
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
            name: string(document, "name").map(shown).unwrap_or_default(),
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

/// Returns whether a usage is of this variable of the payload, or inside it.
fn starts_with(usage: &Usage, variable: &str) -> bool {
    let is_first = matches!(usage.path.first(), Some(Segment::Field(name)) if name == variable);
    is_first && usage.root == Root::Payload
}

/// Returns whether a path starts at a variable that the server sets itself.
fn is_reserved(path: &[Segment]) -> bool {
    matches!(path.first(), Some(Segment::Field(root)) if is_reserved_variable(root))
}

/// A path as the server lists it: without elements, indexes, `this` and `length`.
fn listed_names(path: &[Segment]) -> Vec<String> {
    let name = |(index, segment): (usize, &Segment)| match segment {
        Segment::Field(name) if index == 0 => Some(name.clone()),
        Segment::Field(name) => {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            (!is_index && name != "this" && name != "length").then(|| name.clone())
        }
        Segment::Element => None,
    };
    path.iter().enumerate().filter_map(name).take(MAX_DEPTH).collect()
}

/// The variables of a layout that have a default value.
fn layout_defaults(layout: &Value) -> BTreeSet<Vec<String>> {
    let has_default = |variable: &&Value| {
        variable
            .get("defaultValue")
            .is_some_and(|default| !matches!(default, Value::Null) && default.as_str() != Some(""))
    };
    let variables = array(layout, "variables").iter().filter(has_default);
    variables.filter_map(|variable| parse_listed(string(variable, "name")?)).map(|path| listed_names(&path)).collect()
}

fn is_required(variable: &Value) -> bool {
    variable.get("required") == Some(&Value::Bool(true))
}

fn declaration(variable: &Value) -> Option<(&str, DeclaredType)> {
    let declared = match string(variable, "type") {
        Some("String") => DeclaredType::String,
        Some("Array") => DeclaredType::Array,
        Some("Boolean") => DeclaredType::Boolean,
        _ => DeclaredType::Unknown,
    };
    Some((string(variable, "name")?, declared))
}
