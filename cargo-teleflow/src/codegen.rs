//! Generates Rust source for workflows, formatted as rustfmt does.

// A module imports only from those below it.
mod sentences;
mod idents;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;
use teleflow_catalog::server_facts::{ReservedKey, is_address_variable, is_reserved_variable};
use teleflow_catalog::{files::Type, files::Variable, files::Workflow};

use self::idents::{Names, comment, escaped, in_source, literal, of_fields};
use self::sentences::{
    alternatives_comment, field_doc, inner_type_doc, is_enum, need_doc, no_struct_reason, omission_comment,
    review_reason,
};

/// Generates the source for these workflows.
pub(crate) fn source(workflows: &[Workflow]) -> String {
    let mut writer = Writer { types: Names::of_types(), text: String::new(), has_inner: false };
    let (mut text, mut has_struct, mut has_inner) = (String::new(), false, false);
    for workflow in workflows {
        if let Some(reason) = no_struct_reason(workflow) {
            let trigger = escaped(&workflow.trigger);
            line(&mut text, &format!("\n// Workflow `{trigger}` has no struct: {reason}."));
            continue;
        }
        writer.workflow(workflow);
        let code = std::mem::take(&mut writer.text);
        let is_inner = std::mem::take(&mut writer.has_inner);
        match review_reason(workflow) {
            Some(reason) => {
                let trigger = escaped(&workflow.trigger);
                let reason = format!("\nWorkflow `{trigger}` is commented out: {reason}\n");
                text += &commented_out(&(reason + &code));
            }
            None => {
                text += &code;
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
    // Without imports, the source does not start with a blank line.
    if imports.is_empty() { text.trim_start().to_owned() } else { imports.to_owned() + &text }
}

fn commented_out(text: &str) -> String {
    let mut lines = text.lines();
    // The first line is the blank line between two workflows.
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

/// The types that a struct uses, in the order of its fields: name, contents, documentation.
type InnerTypes<'a> = Vec<(String, InnerType<'a>, String)>;

enum InnerType<'a> {
    Struct(&'a BTreeMap<String, Variable>),
    Enum(&'a [Value]),
}

impl Writer {
    fn workflow(&mut self, workflow: &Workflow) {
        let name = self.types.of_type(&[&workflow.trigger]);
        let mut head = format!("\n/// Workflow `{}`", escaped(&workflow.trigger));
        let title = workflow.name.trim();
        line(&mut head, &if title.is_empty() { ".".to_owned() } else { format!(", \"{}\".", comment(title)) });
        if !workflow.active {
            line(&mut head, "///\n/// It is switched off, so the server drops its events.");
        }
        for (need, method, who) in
            [(&workflow.actor, ".actor(..)", "an actor"), (&workflow.tenant, ".tenant(..)", "a tenant")]
        {
            if let Some(need) = need {
                line(&mut head, &format!("///\n/// {}", need_doc(need, method, who)));
            }
        }
        line(&mut head, "#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]");
        let mut omitted = Vec::new();
        collect_omissions(None, &workflow.variables, &mut omitted);
        let omitted: Vec<String> = omitted.iter().map(|path| literal(path)).collect();
        let omit = if omitted.is_empty() { String::new() } else { format!(", omit({})", omitted.join(", ")) };
        line(&mut head, &format!("#[teleflow(trigger = {}{omit})]", literal(&workflow.trigger)));
        self.text += &head;
        self.body(&name, &workflow.variables, Some(workflow));
    }

    /// Writes a struct and the types that it uses. `top`: the workflow, for the struct of its payload.
    fn body(&mut self, name: &str, variables: &BTreeMap<String, Variable>, top: Option<&Workflow>) {
        let has_field = |wire: &&str| ReservedKey::of(wire).is_none();
        let names = of_fields(variables.keys().map(String::as_str).filter(has_field));
        let mut inner = InnerTypes::new();
        let mut fields = String::new();
        for (wire, variable) in variables {
            let ty = || simple_type(&variable.ty);
            // The user reviews fields that are required.
            let omission = omission_comment(wire, ty(), top.is_some()).filter(|_| !variable.required);
            let field = names.get(wire.as_str()).filter(|_| omission.is_none());
            let Some(field) = field else {
                for reason in omission.into_iter().flatten() {
                    line(&mut fields, &format!("    // {reason}"));
                }
                continue;
            };
            // Enforced by a schema, in which it is optional.
            let is_optional = !variable.required && (variable.exact || variable.nullable) && variable.ty != Type::Date;
            line(&mut fields, &format!("    /// {}", field_doc(variable, is_optional)));
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
                line(
                    &mut fields,
                    "    // E-mails print the server's own value under this name. Other steps read this one.",
                );
                line(&mut fields, "    #[teleflow(shadowed)]");
            } else if top.is_some() && is_reserved_variable(wire) {
                line(&mut fields, "    #[teleflow(shadowed)]");
            }
            let ty = self.ty(&[name, wire], variable, &mut inner);
            let ty = if is_optional && !ty.starts_with("Option<") { format!("Option<{ty}>") } else { ty };
            line(&mut fields, &format!("    pub {}: {ty},", in_source(field)));
        }
        if let Some(note) = top.and_then(alternatives_comment) {
            line(&mut fields, &format!("    // {note}"));
        }
        let body = if fields.is_empty() { "{}".to_owned() } else { format!("{{\n{fields}}}") };
        line(&mut self.text, &format!("pub struct {name} {body}"));
        for (name, inner_type, doc) in inner {
            self.has_inner = true;
            line(&mut self.text, &format!("\n/// {doc}"));
            line(&mut self.text, "#[derive(Debug, Clone, Serialize, TeleflowPayload)]");
            match inner_type {
                InnerType::Struct(fields) => self.body(&name, fields, None),
                InnerType::Enum(values) => self.variants(&name, values),
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

    fn ty<'a>(&mut self, path: &[&str; 2], variable: &'a Variable, inner: &mut InnerTypes<'a>) -> String {
        let [of, wire] = path;
        let ty = match &variable.ty {
            _ if is_enum(variable) => {
                let name = self.types.of_type(path);
                inner.push((name.clone(), InnerType::Enum(&variable.allowed), inner_type_doc(wire, of)));
                name
            }
            Type::Array(Some(element)) => format!("Vec<{}>", self.ty(path, element, inner)),
            Type::Object(fields) if !fields.is_empty() => {
                let name = self.types.of_type(path);
                inner.push((name.clone(), InnerType::Struct(fields), inner_type_doc(wire, of)));
                name
            }
            plain => simple_type(plain).to_owned(),
        };
        // A `serde_json::Value` can be `null`.
        if variable.nullable && ty != "serde_json::Value" { format!("Option<{ty}>") } else { ty }
    }
}

/// The type of a variable without known elements or fields.
fn simple_type(ty: &Type) -> &'static str {
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
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{line}");
}

/// Collects the paths of all variables without a field.
fn collect_omissions(before: Option<&str>, variables: &BTreeMap<String, Variable>, found: &mut Vec<String>) {
    for (name, variable) in variables {
        let path = before.map_or_else(|| name.clone(), |before| format!("{before}.{name}"));
        if !variable.required && omission_comment(name, "", before.is_none()).is_some() {
            found.push(path);
        } else {
            collect_inner_omissions(&path, &variable.ty, found);
        }
    }
}

fn collect_inner_omissions(path: &str, ty: &Type, found: &mut Vec<String>) {
    match ty {
        Type::Object(fields) => collect_omissions(Some(path), fields, found),
        Type::Array(Some(element)) => collect_inner_omissions(&format!("{path}[]"), &element.ty, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
