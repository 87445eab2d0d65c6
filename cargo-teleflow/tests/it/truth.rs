//! What the derives say of a struct against what serde writes for it.
//!
//! Each case has a struct that serde writes as its workflow wants it, and most have a twin that differs in one thing,
//! so that serde does not. All are run, and what they write is looked at; then all are compiled against workflows that
//! require every name, with exactly its kind.

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
    /// What the workflow wants: kinds by names, `[…]` for lists.
    wants: String,
    /// `#[workflow]` stands for the derive of a struct `Sent`, and `#[payload]` for that of a type inside it.
    source: String,
    /// An expression.
    value: String,
    /// What is replaced in source and value to make the twin; nothing, if there is none.
    twin: Vec<(String, String)>,
    /// The path of the variable that the twin does not send as it is wanted.
    blamed: String,
}

fn case(name: &str, wants: &str, source: &str, value: &str, twin: &[(&str, &str)], blamed: &str) -> Case {
    Case {
        name: name.to_owned(),
        wants: wants.to_owned(),
        source: source.to_owned(),
        value: value.to_owned(),
        twin: twin.iter().map(|(was, is)| ((*was).to_owned(), (*is).to_owned())).collect(),
        blamed: blamed.to_owned(),
    }
}

/// A kind may stand for itself.
fn wanted(wants: &str) -> String {
    if wants.starts_with(char::is_alphabetic) { format!("{wants:?}") } else { wants.to_owned() }
}

impl Case {
    fn twin_name(&self) -> Option<String> {
        (!self.twin.is_empty()).then(|| format!("{}_twin", self.name))
    }

    fn wants(&self) -> Value {
        serde_json::from_str(&self.wants).unwrap_or_else(|error| panic!("{}: {error}", self.name))
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

/// A catalog's variable that is required, and exactly of its kind.
fn variable(wants: &Value) -> Value {
    let (kind, of) = match wants {
        Value::String(kind) => return json!({ "kind": kind, "required": true, "exact": true }),
        Value::Array(of) => ("array", variable(&of[0])),
        Value::Object(fields) => ("object", variables(fields)),
        _ => panic!("{wants}"),
    };
    json!({ "kind": kind, "required": true, "exact": true, "of": of })
}

fn variables(fields: &Map<String, Value>) -> Value {
    fields.iter().map(|(name, wants)| (name.clone(), variable(wants))).collect::<Map<_, _>>().into()
}

/// The paths at which a value is not as it is wanted.
fn unfit(wants: &Value, value: Option<&Value>, path: &str, found: &mut BTreeSet<String>) {
    let fits = match (wants, value) {
        (Value::String(kind), Some(value)) => match kind.as_str() {
            "string" | "date" => value.is_string(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => panic!("{kind}"),
        },
        (Value::Array(of), Some(Value::Array(elements))) => {
            elements.iter().for_each(|element| unfit(&of[0], Some(element), &format!("{path}[]"), found));
            true
        }
        (Value::Object(fields), Some(Value::Object(object))) => {
            for (name, wants) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                unfit(wants, object.get(name), &path, found);
            }
            true
        }
        _ => false,
    };
    if !fits {
        found.insert(path.to_owned());
    }
}

/// The program of these modules: each writes its value on a line.
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
fn the_check_agrees_with_what_serde_writes() {
    let cases: Vec<Case> =
        names::cases().into_iter().chain(values::cases()).chain(types::cases()).chain(variants::cases()).collect();
    let packages = Packages::one("truth");
    let (mut fitting, mut twins) = (BTreeMap::new(), BTreeMap::new());
    for case in &cases {
        packages.files.write(&format!("src/{}.rs", case.name), &case.module(false));
        assert!(fitting.insert(case.name.clone(), case).is_none(), "two are called {}", case.name);
        if let Some(twin) = case.twin_name() {
            packages.files.write(&format!("src/{twin}.rs"), &case.module(true));
            twins.insert(twin, case);
        }
    }

    // The truth.
    let all = program(fitting.keys().chain(twins.keys()));
    packages.files.write("src/main.rs", &all);
    let ran = packages.cargo(&[], "", &["run", "--quiet"]).ended(0);
    assert_eq!(ran.stdout.lines().count(), fitting.len() + twins.len());
    for ((module, case), line) in fitting.iter().chain(&twins).zip(ran.stdout.lines()) {
        let mut found = BTreeSet::new();
        unfit(&case.wants(), Some(&serde_json::from_str(line).unwrap()), "", &mut found);
        let expected = if twins.contains_key(module) { BTreeSet::from([case.blamed.clone()]) } else { BTreeSet::new() };
        assert_eq!(found, expected, "{module} writes {line}");
    }

    // What the derives make of it.
    for case in &cases {
        let variables = variables(case.wants().as_object().unwrap());
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
    let wording = "evaluation panicked: `b` may be missing, but workflow `flatten_perhaps` requires it; \
                   the flattened field must not be optional \
                   [.teleflow/flatten_perhaps.json]";
    assert_eq!(by_module["flatten_perhaps_twin"], [wording]);

    let mut faults = String::new();
    for (twin, case) in &twins {
        let said = by_module.remove(twin.as_str()).unwrap_or_default();
        let blamed = |message: &&&str| message.contains(&format!("`{}`", case.blamed));
        if said.is_empty() || said.iter().filter(blamed).count() < said.len() {
            let _ = writeln!(faults, "{twin} should be refused for `{}`: {said:?}", case.blamed);
        }
    }
    for (module, said) in by_module {
        let _ = writeln!(faults, "{module} is refused wrongly: {said:?}");
    }
    assert!(faults.is_empty(), "{faults}");

    // Where the compiler stops at an error, it has not looked at everything.
    packages.files.write("src/main.rs", &program(fitting.keys()));
    packages.builds("");
}
