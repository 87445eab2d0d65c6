//! Workflows of the catalog → Rust's source, as rustfmt would write it.

mod sentences;
mod idents;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;
use teleflow_catalog::server_facts::{ReservedKey, is_address_variable, is_reserved_variable};
use teleflow_catalog::{files::Type, files::Variable, files::Workflow};

use self::idents::{Names, comment, escaped, in_source, literal, of_fields};
use self::sentences::{advice, alternatives, impossible, left_out, part, purpose, undecided};

/// The source for these workflows.
pub(crate) fn source(workflows: &[Workflow]) -> String {
    let mut writer = Writer { types: Names::of_types(), text: String::new(), has_inner: false };
    let (mut text, mut has_struct, mut has_inner) = (String::new(), false, false);
    for workflow in workflows {
        if let Some(reason) = impossible(workflow) {
            let trigger = escaped(&workflow.trigger);
            line(&mut text, &format!("\n// Workflow `{trigger}` has no struct: {reason}."));
            continue;
        }
        writer.workflow(workflow);
        let written = std::mem::take(&mut writer.text);
        let is_inner = std::mem::take(&mut writer.has_inner);
        match undecided(workflow) {
            Some(reason) => {
                let trigger = escaped(&workflow.trigger);
                let reason = format!("\nWorkflow `{trigger}` is commented out: {reason}\n");
                text += &commented(&(reason + &written));
            }
            None => {
                text += &written;
                has_struct = true;
                has_inner |= is_inner;
            }
        }
    }
    let imports = match (has_struct, has_inner) {
        (false, _) => "",
        (true, false) => "use serde::Serialize;\nuse teleflow::TeleflowWorkflow;\n",
        (true, true) => "use serde::Serialize;\nuse teleflow::{TeleflowPayload, TeleflowWorkflow};\n",
    };
    // Without imports, there is nothing for the first blank line to part.
    if imports.is_empty() { text.trim_start().to_owned() } else { imports.to_owned() + &text }
}

fn commented(text: &str) -> String {
    let mut lines = text.lines();
    // The first line is the blank one between two workflows.
    let mut commented = lines.next().map(|first| format!("{first}\n")).unwrap_or_default();
    for one in lines {
        line(&mut commented, format!("// {one}").trim_end());
    }
    commented
}

struct Writer {
    types: Names,
    text: String,
    has_inner: bool,
}

/// The types inside a struct, in the order of its fields.
type Inner<'a> = Vec<(String, Part<'a>, String)>;

enum Part<'a> {
    Struct(&'a BTreeMap<String, Variable>),
    Enum(&'a [Value]),
}

impl Writer {
    fn workflow(&mut self, workflow: &Workflow) {
        let name = self.types.of_type(&[&workflow.trigger]);
        let mut head = format!("\n/// Workflow `{}`", escaped(&workflow.trigger));
        let called = workflow.name.trim();
        line(&mut head, &if called.is_empty() { ".".to_owned() } else { format!(", \"{}\".", comment(called)) });
        if !workflow.active {
            line(&mut head, "///\n/// It is switched off: the server drops its events.");
        }
        for (need, call, who) in
            [(&workflow.actor, ".actor(..)", "an actor"), (&workflow.tenant, ".tenant(..)", "a tenant")]
        {
            if let Some(need) = need {
                line(&mut head, &format!("///\n/// {}", advice(need, call, who)));
            }
        }
        line(&mut head, "#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]");
        let mut omitted = Vec::new();
        omissions(None, &workflow.variables, &mut omitted);
        let omitted: Vec<String> = omitted.iter().map(|path| literal(path)).collect();
        let omit = if omitted.is_empty() { String::new() } else { format!(", omit({})", omitted.join(", ")) };
        line(&mut head, &format!("#[teleflow(trigger = {}{omit})]", literal(&workflow.trigger)));
        self.text += &head;
        self.body(&name, &workflow.variables, Some(workflow));
    }

    /// A struct's name and fields, and the types inside it. `top`: the workflow, if these are its own variables.
    fn body(&mut self, name: &str, variables: &BTreeMap<String, Variable>, top: Option<&Workflow>) {
        let has_field = |wire: &&str| ReservedKey::of(wire).is_none();
        let names = of_fields(variables.keys().map(String::as_str).filter(has_field));
        let mut inner = Inner::new();
        let mut fields = String::new();
        for (wire, variable) in variables {
            let ty = || simple(&variable.ty);
            // People decide about a field that is required and sent anyway.
            let reasons = left_out(wire, ty(), top.is_some()).filter(|_| !variable.required);
            let field = names.get(wire.as_str()).filter(|_| reasons.is_none());
            let Some(field) = field else {
                for reason in reasons.into_iter().flatten() {
                    line(&mut fields, &format!("    // {reason}"));
                }
                continue;
            };
            // A schema says that it may be missing.
            let is_optional = !variable.required && (variable.exact || variable.nullable) && variable.ty != Type::Date;
            line(&mut fields, &format!("    /// {}", purpose(variable, is_optional)));
            if field != wire {
                line(&mut fields, &format!("    #[serde(rename = {})]", literal(wire)));
            }
            if is_optional {
                line(&mut fields, "    #[serde(skip_serializing_if = \"Option::is_none\")]");
            }
            if top.is_some() && is_address_variable(wire) {
                line(&mut fields, "    #[teleflow(address)]");
            }
            if top.is_some_and(|workflow| workflow.email_reads.contains(wire)) {
                line(&mut fields, "    // E-mails print their own value under this name; other steps read this one.");
                line(&mut fields, "    #[teleflow(shadowed)]");
            } else if top.is_some() && is_reserved_variable(wire) {
                line(&mut fields, "    #[teleflow(shadowed)]");
            }
            let ty = self.ty(&[name, wire], variable, &mut inner);
            let ty = if is_optional && !ty.starts_with("Option<") { format!("Option<{ty}>") } else { ty };
            line(&mut fields, &format!("    pub {}: {ty},", in_source(field)));
        }
        if let Some(note) = top.and_then(alternatives) {
            line(&mut fields, &format!("    // {note}"));
        }
        let body = if fields.is_empty() { "{}".to_owned() } else { format!("{{\n{fields}}}") };
        line(&mut self.text, &format!("pub struct {name} {body}"));
        for (name, part, of) in inner {
            self.has_inner = true;
            line(&mut self.text, &format!("\n/// {of}"));
            line(&mut self.text, "#[derive(Debug, Clone, Serialize, TeleflowPayload)]");
            match part {
                Part::Struct(fields) => self.body(&name, fields, None),
                Part::Enum(values) => self.variants(&name, values),
            }
        }
    }

    fn variants(&mut self, name: &str, values: &[Value]) {
        let mut names = Names::of_variants();
        let mut variants = String::new();
        let distinct: BTreeSet<&str> = values.iter().filter_map(Value::as_str).collect();
        for value in distinct {
            let variant = names.of_variant(value);
            if variant != value {
                line(&mut variants, &format!("    #[serde(rename = {})]", literal(value)));
            }
            line(&mut variants, &format!("    {variant},"));
        }
        line(&mut self.text, &format!("pub enum {name} {{\n{variants}}}"));
    }

    fn ty<'a>(&mut self, path: &[&str; 2], variable: &'a Variable, inner: &mut Inner<'a>) -> String {
        let [of, wire] = path;
        let ty = match &variable.ty {
            _ if is_enum(variable) => {
                let name = self.types.of_type(path);
                inner.push((name.clone(), Part::Enum(&variable.allowed), part(wire, of)));
                name
            }
            Type::Array(Some(element)) => format!("Vec<{}>", self.ty(path, element, inner)),
            Type::Object(fields) if !fields.is_empty() => {
                let name = self.types.of_type(path);
                inner.push((name.clone(), Part::Struct(fields), part(wire, of)));
                name
            }
            plain => simple(plain).to_owned(),
        };
        // A `serde_json::Value` may be `null` by itself.
        if variable.nullable && ty != "serde_json::Value" { format!("Option<{ty}>") } else { ty }
    }
}

/// The schema lists texts, and nothing else.
fn is_enum(variable: &Variable) -> bool {
    variable.ty == Type::String && !variable.allowed.is_empty() && variable.allowed.iter().all(Value::is_string)
}

/// The type of a variable that has nothing inside it.
fn simple(ty: &Type) -> &'static str {
    match ty {
        Type::Any => "serde_json::Value",
        Type::String => "String",
        Type::Number => "f64",
        Type::Integer => "i64",
        Type::Boolean => "bool",
        Type::Date => "teleflow::DeliverAt",
        Type::Array(_) => "Vec<serde_json::Value>",
        Type::Object(_) => "std::collections::BTreeMap<String, serde_json::Value>",
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}

/// The paths of all variables without a field.
fn omissions(before: Option<&str>, variables: &BTreeMap<String, Variable>, found: &mut Vec<String>) {
    for (name, variable) in variables {
        let path = before.map_or_else(|| name.clone(), |before| format!("{before}.{name}"));
        if !variable.required && left_out(name, "", before.is_none()).is_some() {
            found.push(path);
        } else {
            inside(&path, &variable.ty, found);
        }
    }
}

fn inside(path: &str, ty: &Type, found: &mut Vec<String>) {
    match ty {
        Type::Object(fields) => omissions(Some(path), fields, found),
        Type::Array(Some(element)) => inside(&format!("{path}[]"), &element.ty, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
