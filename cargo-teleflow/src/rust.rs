//! Workflows of the catalog → Rust's source, as rustfmt would write it.

use std::collections::BTreeMap;
use std::fmt::Write;

use teleflow_catalog::server_facts::ReservedKey;
use teleflow_catalog::{Need, Type, Variable, Workflow, steps_in_words};

use crate::names::{Names, comment, escaped, in_source, literal, of_fields};

/// Top-level names at which the server sends to whatever they hold.
const ADDRESSES: [&str; 3] = ["email", "phone", "webhookUrl"];

/// The source for these workflows.
pub(crate) fn source(workflows: &[Workflow]) -> String {
    let mut writer = Writer { types: Names::of_types(), structs: String::new(), has_inner: false };
    for workflow in workflows {
        writer.workflow(workflow);
    }
    let derives = if writer.has_inner { "{TeleflowPayload, TeleflowWorkflow}" } else { "TeleflowWorkflow" };
    format!("use serde::Serialize;\nuse teleflow::{derives};\n{}", writer.structs)
}

struct Writer {
    types: Names,
    structs: String,
    has_inner: bool,
}

/// The structs that stand inside one, in the order of its fields.
type Inner<'a> = Vec<(String, &'a BTreeMap<String, Variable>, String)>;

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
        unsendable("", &workflow.variables, &mut omitted);
        let omitted: Vec<String> = omitted.iter().map(|path| literal(path)).collect();
        let omit = if omitted.is_empty() { String::new() } else { format!(", omit({})", omitted.join(", ")) };
        line(&mut head, &format!("#[teleflow(trigger = {}{omit})]", literal(&workflow.trigger)));
        self.structs += &head;
        self.body(&name, &workflow.variables, true);
    }

    /// A struct's name and fields, and the structs inside it.
    fn body(&mut self, name: &str, variables: &BTreeMap<String, Variable>, is_top: bool) {
        let names = of_fields(variables.keys().map(String::as_str).filter(|wire| ReservedKey::of(wire).is_none()));
        let mut inner = Inner::new();
        let mut fields = String::new();
        for (wire, variable) in variables {
            let Some(field) = names.get(wire.as_str()) else {
                let wire = escaped(wire);
                line(&mut fields, &format!("    // `{wire}` is left out: the server does not keep it."));
                continue;
            };
            line(&mut fields, &format!("    /// {}", purpose(variable)));
            if field != wire {
                line(&mut fields, &format!("    #[serde(rename = {})]", literal(wire)));
            }
            if is_top && ADDRESSES.contains(&wire.as_str()) {
                line(&mut fields, "    #[teleflow(address)]");
            }
            let ty = self.ty(&[name, wire], &variable.ty, &mut inner);
            line(&mut fields, &format!("    pub {}: {ty},", in_source(field)));
        }
        let body = if fields.is_empty() { "{}".to_owned() } else { format!("{{\n{fields}}}") };
        line(&mut self.structs, &format!("pub struct {name} {body}"));
        for (name, fields, of) in inner {
            self.has_inner = true;
            line(&mut self.structs, &format!("\n/// {of}"));
            line(&mut self.structs, "#[derive(Debug, Clone, Serialize, TeleflowPayload)]");
            self.body(&name, fields, false);
        }
    }

    fn ty<'a>(&mut self, path: &[&str; 2], ty: &'a Type, inner: &mut Inner<'a>) -> String {
        match ty {
            Type::Any | Type::String => "String".to_owned(),
            Type::Number => "f64".to_owned(),
            Type::Integer => "i64".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Date => "teleflow::DeliverAt".to_owned(),
            Type::Array(None) => "Vec<String>".to_owned(),
            Type::Array(Some(element)) => format!("Vec<{}>", self.ty(path, &element.ty, inner)),
            Type::Object(fields) if fields.is_empty() => "std::collections::BTreeMap<String, String>".to_owned(),
            Type::Object(fields) => {
                let name = self.types.of_type(path);
                let [of, wire] = path;
                inner.push((name.clone(), fields, format!("`{}` of [`{of}`].", escaped(wire))));
                name
            }
        }
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}

fn advice(need: &Need, call: &str, who: &str) -> String {
    let steps = steps(&need.steps).map(|steps| format!(", for {steps}")).unwrap_or_default();
    match need.required {
        true => format!("The server refuses it without {who}{steps}: call `{call}`."),
        false => format!("Its templates read {who}{steps}: call `{call}`."),
    }
}

fn purpose(variable: &Variable) -> String {
    let steps = steps(&variable.steps);
    match (&variable.ty, variable.required, steps) {
        (Type::Date, _, Some(steps)) => format!("The moment at which a delay ends: {steps}."),
        (Type::Date, _, None) => "The moment at which a delay ends.".to_owned(),
        (_, true, Some(steps)) => format!("Required, for {steps}."),
        (_, true, None) => "Required.".to_owned(),
        (_, false, Some(steps)) => format!("Read by {steps}."),
        (_, false, None) => "Read by no step that is known.".to_owned(),
    }
}

fn steps(steps: &[String]) -> Option<String> {
    let harmless: Vec<String> = steps.iter().map(|step| comment(step)).collect();
    (!harmless.is_empty()).then(|| steps_in_words(&harmless))
}

/// The paths of all variables that cannot be sent.
fn unsendable(before: &str, variables: &BTreeMap<String, Variable>, found: &mut Vec<String>) {
    for (name, variable) in variables {
        let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        if ReservedKey::of(name).is_some() {
            found.push(path);
        } else {
            inside(&path, &variable.ty, found);
        }
    }
}

fn inside(path: &str, ty: &Type, found: &mut Vec<String>) {
    match ty {
        Type::Object(fields) => unsendable(path, fields, found),
        Type::Array(Some(element)) => inside(&format!("{path}[]"), &element.ty, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::Value;
    use teleflow_catalog::Workflow;

    use super::source;
    use crate::schema;
    use crate::understand::understand;

    /// What stands in the server's documents, and in the schemas of payloads.
    const KEYS: [&str; 33] = [
        "name",
        "type",
        "active",
        "steps",
        "triggers",
        "variables",
        "reservedVariables",
        "identifier",
        "template",
        "content",
        "subject",
        "title",
        "metadata",
        "delayPath",
        "digestKey",
        "filters",
        "children",
        "on",
        "field",
        "required",
        "properties",
        "items",
        "cta",
        "data",
        "url",
        "action",
        "buttons",
        "variants",
        "constructor",
        "__proto__",
        "email",
        "x: u8 } fn f() {",
        "",
    ];
    const TEXTS: [&str; 24] = [
        "String",
        "Array",
        "Boolean",
        "email",
        "delay",
        "scheduled",
        "digest",
        "actor",
        "tenant",
        "payload",
        "string",
        "number",
        "object",
        "array",
        "items.this.sku",
        "items",
        "items.length",
        "a.b.c",
        "a..b",
        "constructor.x",
        "{{#each items as |i|}}{{i.sku}}{{../a}}{{/each}}",
        "{{a}} {{#if b.c}}{{/if}}",
        "*/ \n\"} fn f() {",
        "\u{202e}",
    ];

    fn value() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            4 => select(TEXTS.as_slice()).prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => any::<String>().prop_map(Value::from),
            1 => Just(Value::Null),
        ];
        plain.prop_recursive(6, 60, 5, |inner| {
            let object = vec((select(KEYS.as_slice()).prop_map(str::to_owned), inner.clone()), 0..6);
            prop_oneof![vec(inner, 0..4).prop_map(Value::from), object.prop_map(|fields| fields.into_iter().collect())]
        })
    }

    fn variable() -> impl Strategy<Value = Value> {
        let name = prop_oneof![select(TEXTS.as_slice()).prop_map(str::to_owned), any::<String>()];
        (name, select(TEXTS.as_slice()), any::<bool>())
            .prop_map(|(name, ty, required)| serde_json::json!({ "name": name, "type": ty, "required": required }))
    }

    fn document() -> impl Strategy<Value = Value> {
        let step = (value(), vec(variable(), 0..4), value()).prop_map(|(content, variables, step)| {
            let template = serde_json::json!({ "type": "email", "content": content, "variables": variables });
            serde_json::json!({ "template": template, "metadata": step, "filters": [step] })
        });
        (vec(step, 0..4), vec(variable(), 0..6), value()).prop_map(|(steps, variables, odd)| {
            serde_json::json!({ "name": odd, "steps": steps, "triggers": [{ "variables": variables, "reservedVariables": odd }] })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_server_tells_makes_a_file_and_rust(
            trigger in any::<String>(), document in prop_oneof![value(), document()], schema in value(), enforced in any::<bool>(),
        ) {
            let (mut workflow, _) = understand(&trigger, &document);
            schema::add(&mut workflow, &schema, enforced);
            let read = Workflow::from_json(workflow.to_json().as_bytes());
            prop_assert_eq!(read.as_ref(), Ok(&workflow));
            let source = source(&[workflow]);
            prop_assert!(syn::parse_file(&source).is_ok(), "{}", source);
        }
    }
}
