//! Compares the check of the derives with the output of serde.
//!
//! Each case has a struct that serializes as its workflow requires, and most have a twin that differs in one detail and does
//! not. First all are run, and their output is checked. Then all are compiled against workflows that require every variable,
//! with exactly its kind.

mod names;
mod types;
mod values;
mod variants;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::packages::Packages;

/// One struct, and its twin.
struct Case {
    name: String,
    /// The kinds that the workflow requires, by name; `[…]` for arrays.
    kinds: String,
    /// `#[workflow]` is replaced with the derive of a struct `Sent`, and `#[payload]` with that of a type inside it.
    source: String,
    /// An expression.
    value: String,
    /// The replacements in source and value that make the twin; empty if there is none.
    twin: Vec<(String, String)>,
    /// The path of the variable that the twin does not send as required.
    wrong_path: String,
}

fn case(name: &str, kinds: &str, source: &str, value: &str, twin: &[(&str, &str)], wrong_path: &str) -> Case {
    Case {
        name: name.to_owned(),
        kinds: kinds.to_owned(),
        source: source.to_owned(),
        value: value.to_owned(),
        twin: twin.iter().map(|(was, is)| ((*was).to_owned(), (*is).to_owned())).collect(),
        wrong_path: wrong_path.to_owned(),
    }
}

/// Quotes a kind that is not JSON yet.
fn json_kind(kinds: &str) -> String {
    if kinds.starts_with(char::is_alphabetic) { format!("{kinds:?}") } else { kinds.to_owned() }
}

impl Case {
    fn twin_name(&self) -> Option<String> {
        (!self.twin.is_empty()).then(|| format!("{}_twin", self.name))
    }

    fn kinds(&self) -> Value {
        serde_json::from_str(&self.kinds).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn module(&self, is_twin: bool) -> String {
        let (mut source, mut value) = (self.source.clone(), self.value.clone());
        for (was, is) in self.twin.iter().filter(|_| is_twin) {
            assert!(source.contains(was) || value.contains(was), "{}: there is no {was}", self.name);
            (source, value) = (source.replace(was, is), value.replace(was, is));
        }
        let workflow = format!("#[derive(Serialize, TeleflowWorkflow)]\n#[teleflow(trigger = {:?})]", self.name);
        let source = source.replace("#[workflow]", &workflow);
        let source = source.replace("#[payload]", "#[derive(Serialize, TeleflowPayload)]");
        format!(
            "use std::borrow::Cow;\nuse std::collections::*;\n\nuse serde::{{Serialize, Serializer}};\n\
             use teleflow::{{DeliverAt, TeleflowPayload, TeleflowWorkflow}};\n\n{source}\n\n\
             pub fn value() -> String {{\n    serde_json::to_string(&{value}).unwrap()\n}}\n"
        )
    }
}

/// A required variable of a workflow file, exactly of its kind.
fn variable(kinds: &Value) -> Value {
    let (kind, of) = match kinds {
        Value::String(kind) => return json!({ "kind": kind, "required": true, "exact": true }),
        Value::Array(of) => ("array", variable(&of[0])),
        Value::Object(fields) => ("object", variables(fields)),
        _ => panic!("{kinds}"),
    };
    json!({ "kind": kind, "required": true, "exact": true, "of": of })
}

fn variables(fields: &Map<String, Value>) -> Value {
    fields.iter().map(|(name, kinds)| (name.clone(), variable(kinds))).collect::<Map<_, _>>().into()
}

/// Collects the paths at which a value is not of the required kind.
fn mismatched(kinds: &Value, value: Option<&Value>, path: &str, found: &mut BTreeSet<String>) {
    let matches = match (kinds, value) {
        (Value::String(kind), Some(value)) => match kind.as_str() {
            "string" | "date" => value.is_string(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => panic!("{kind}"),
        },
        (Value::Array(of), Some(Value::Array(elements))) => {
            elements.iter().for_each(|element| mismatched(&of[0], Some(element), &format!("{path}[]"), found));
            true
        }
        (Value::Object(fields), Some(Value::Object(object))) => {
            for (name, kinds) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                mismatched(kinds, object.get(name), &path, found);
            }
            true
        }
        _ => false,
    };
    if !matches {
        found.insert(path.to_owned());
    }
}

/// The program with these modules: each prints its value on a line.
fn program<'a>(modules: impl Iterator<Item = &'a String> + Clone) -> String {
    let mut source = "#![deny(warnings)]\n#![allow(dead_code, unused_imports)]\n".to_owned();
    for module in modules.clone() {
        let _ = writeln!(source, "mod {module};");
    }
    source += "fn main() {\n";
    for module in modules {
        let _ = writeln!(source, "    println!(\"{{}}\", {module}::value());");
    }
    source + "}\n"
}

#[test]
fn the_check_agrees_with_serde() {
    let cases: Vec<Case> =
        names::cases().into_iter().chain(values::cases()).chain(types::cases()).chain(variants::cases()).collect();
    let packages = Packages::one("truth");
    let (mut compatible, mut twins) = (BTreeMap::new(), BTreeMap::new());
    for case in &cases {
        packages.files.write(&format!("src/{}.rs", case.name), &case.module(false));
        assert!(compatible.insert(case.name.clone(), case).is_none(), "two cases have the name {}", case.name);
        if let Some(twin) = case.twin_name() {
            packages.files.write(&format!("src/{twin}.rs"), &case.module(true));
            twins.insert(twin, case);
        }
    }

    // The output of serde.
    let all = program(compatible.keys().chain(twins.keys()));
    packages.files.write("src/main.rs", &all);
    let ran = packages.cargo(&[], "", &["run", "--quiet"]).ended(0);
    assert_eq!(ran.stdout.lines().count(), compatible.len() + twins.len());
    for ((module, case), line) in compatible.iter().chain(&twins).zip(ran.stdout.lines()) {
        let mut found = BTreeSet::new();
        mismatched(&case.kinds(), Some(&serde_json::from_str(line).unwrap()), "", &mut found);
        let expected =
            if twins.contains_key(module) { BTreeSet::from([case.wrong_path.clone()]) } else { BTreeSet::new() };
        assert_eq!(found, expected, "{module} writes {line}");
    }

    // The check of the derives.
    for case in &cases {
        let variables = variables(case.kinds().as_object().unwrap());
        let file =
            json!({ "format": 1, "trigger": case.name, "name": case.name, "active": true, "variables": variables });
        packages.files.write(&format!(".teleflow/{}.json", case.name), &file.to_string());
    }
    packages.files.write("src/main.rs", &all);
    let (_, said) = packages.diagnostics("");
    let mut by_module: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for said in &said {
        assert!(said.is_error, "{said:?}");
        let module = said.file.trim_start_matches("src/").trim_end_matches(".rs");
        by_module.entry(module).or_default().push(&said.message);
    }
    let wording = "evaluation panicked: `b` may be missing, but workflow `flatten_option` requires it; \
                   the flattened field must not be optional \
                   [.teleflow/flatten_option.json]";
    assert_eq!(by_module["flatten_option_twin"], [wording]);

    let mut errors = String::new();
    for (twin, case) in &twins {
        let said = by_module.remove(twin.as_str()).unwrap_or_default();
        let wrong_path = |message: &&&str| message.contains(&format!("`{}`", case.wrong_path));
        if said.is_empty() || said.iter().filter(wrong_path).count() < said.len() {
            let _ = writeln!(errors, "{twin} should be rejected for `{}`: {said:?}", case.wrong_path);
        }
    }
    for (module, said) in by_module {
        let _ = writeln!(errors, "{module} is rejected, but serde writes it correctly: {said:?}");
    }
    assert!(errors.is_empty(), "{errors}");

    // After an error the compiler may not have checked everything.
    packages.files.write("src/main.rs", &program(compatible.keys()));
    packages.builds("");
}
