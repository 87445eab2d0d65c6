//! `generate` prints valid Rust for all names.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use syn::{Fields, Item};

use crate::support::{Project, Server, golden, recorded};

/// A catalog with one workflow.
fn catalog(trigger: &str, variables: &Value) -> Project {
    let project = Project::new();
    let file = json!({
        "format": 1, "trigger": trigger, "name": "Called \"so\"\n`x`", "active": false, "variables": variables,
        "actor": { "required": true, "steps": ["a\nb"] }, "tenant": { "steps": ["x", "y"] },
    });
    project.write(".teleflow/one.json", &file.to_string());
    project
}

/// The fields in the printed code: struct, field, type.
fn fields(source: &str) -> Vec<(String, String, String)> {
    let file = syn::parse_file(source).unwrap_or_else(|error| panic!("{error}:\n{source}"));
    let mut found = Vec::new();
    for item in file.items {
        match item {
            Item::Use(_) | Item::Enum(_) => {}
            Item::Struct(item) => {
                let Fields::Named(fields) = &item.fields else { panic!("{source}") };
                for field in &fields.named {
                    let written = source.lines().find(|line| {
                        line.trim_start().starts_with(&format!("pub {}: ", field.ident.as_ref().unwrap()))
                    });
                    let ty = written.unwrap().trim().trim_end_matches(',').split_once(": ").unwrap().1;
                    found.push((item.ident.to_string(), field.ident.as_ref().unwrap().to_string(), ty.to_owned()));
                }
            }
            _ => panic!("only types and imports:\n{source}"),
        }
    }
    found
}

#[track_caller]
fn is_formatted(source: &str) {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    rustfmt.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_recorded_workflows_become_structs() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull"]).ended(0);
    let ran = project.run_with(&[], "", &["generate"]).ended(0);
    assert_eq!(ran.stderr, "");
    golden("generated/recorded.rs", &ran.stdout);
    is_formatted(&ran.stdout);
    let some = project.run_with(&[], "", &["generate", "weekly-digest", "invoice-due"]).ended(0);
    assert_eq!(some.stdout.matches("derive(Debug, Clone, Serialize, TeleflowWorkflow)").count(), 2);
    assert!(!some.stdout.contains("TeleflowPayload"));
    fields(&some.stdout);
}

#[test]
fn every_kind_has_its_type() {
    let kinds = json!({
        "any": { "kind": "any" }, "string": { "kind": "string" }, "number": { "kind": "number" }, "date": { "kind": "date" },
        "flag": { "kind": "boolean" }, "bare_list": { "kind": "array" }, "bare_object": { "kind": "object" },
        "texts": { "kind": "array", "of": { "kind": "string" } },
        "lists": { "kind": "array", "of": { "kind": "array", "of": { "kind": "number" } } },
        "maps": { "kind": "array", "of": { "kind": "object" } },
        "items": { "kind": "array", "of": { "kind": "object", "of": {
            "sku": { "kind": "string" }, "email": { "kind": "string" }, "inner": { "kind": "object", "of": { "x": { "kind": "any" } } },
        } } },
        "email": { "kind": "string" }, "phone": { "kind": "string" }, "webhookUrl": { "kind": "string" },
        "subscriber": { "kind": "object" }, "tenant": { "kind": "string" }, "toString": { "kind": "string" },
        "count": { "kind": "integer", "required": true, "exact": true },
        "maybe_count": { "kind": "integer", "exact": true, "nullable": true },
        "null_or_count": { "kind": "integer", "exact": true, "nullable": true, "required": true },
        "colour": { "kind": "string", "exact": true, "required": true, "allowed": ["red", "dark-green", "Self", "2", "", "red", "Ok"] },
        "colours": { "kind": "array", "exact": true, "of": { "kind": "string", "exact": true, "nullable": true, "allowed": ["None"] } },
        "size": { "kind": "integer", "exact": true, "allowed": [1, 2, 3] },
        "either": { "kind": "any", "exact": true, "allowed": ["a", 1] }, "odd": { "kind": "any", "nullable": true, "required": true },
        "loose": { "kind": "string", "nullable": true }, "note": { "kind": "string", "exact": true, "steps": ["email"] },
    });
    let ran = catalog("order-shipped", &kinds).run_with(&[], "", &["generate"]).ended(0);
    golden("generated/kinds.rs", &ran.stdout);
    is_formatted(&ran.stdout);
    fields(&ran.stdout);
}

#[test]
fn serialized_names_are_escaped() {
    let nasty = json!({
        "x: u8 } fn f() {": { "kind": "object", "steps": ["*/ fn g() {\n}"], "of": { "\"); fn f() { (\"": { "kind": "string" } } },
        "type": { "kind": "string" }, "self": { "kind": "string" }, "2nd": { "kind": "string" }, "": { "kind": "string" },
        "orderId": { "kind": "string" }, "order_id": { "kind": "string" }, "order-id": { "kind": "string" },
        "new\nline": { "kind": "string" }, "bidi\u{202e}": { "kind": "string" }, "ünï": { "kind": "string" },
        "constructor": { "kind": "string" },
        "deep": { "kind": "array", "of": { "kind": "object", "of": { "__proto__": { "kind": "string" }, "ok": { "kind": "string" } } } },
    });
    for trigger in
        ["x: u8 } fn f() {", "string", "Vec", "serialize", "teleflow-payload", "1", "\u{202e}", "\"#] fn f() {}"]
    {
        let ran = catalog(trigger, &nasty).run_with(&[], "", &["generate"]).ended(0);
        let found = fields(&ran.stdout);
        assert_eq!(found.len(), 14, "{}", ran.stdout);
        assert!(!ran.stdout.contains("fn f"), "{}", ran.stdout);
        assert!(!ran.stdout.contains('\u{202e}'), "{}", ran.stdout);
        let omitted = ", omit(\"constructor\", \"deep\\u{5b}\\u{5d}.__proto__\"))]";
        assert_eq!(ran.stdout.matches(omitted).count(), 1, "{}", ran.stdout);
        assert!(!found.iter().any(|(_, field, _)| field.contains("proto") || field.contains("constr")));
        let renamed = |rename: &str, field: &str| {
            let lines = format!("    #[serde(rename = \"{rename}\")]\n    pub {field}: ");
            assert!(ran.stdout.contains(&lines), "no {lines} in {}", ran.stdout);
        };
        renamed("self", "self_");
        renamed("2nd", "_2nd");
        renamed("orderId", "order_id_3");
        assert!(ran.stdout.contains("    pub order_id: "), "{}", ran.stdout);
        renamed("new\\u{a}line", "new_line");
        assert!(ran.stdout.contains("pub r#type: String,"), "{}", ran.stdout);
        let mut names: Vec<_> = found.iter().map(|(of, field, _)| (of, field)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), found.len());
    }
}

#[test]
fn types_of_several_workflows_have_distinct_names() {
    let project = Project::new();
    for (number, trigger) in ["a-b", "a_b", "a.b"].iter().enumerate() {
        let variables = json!({ "c": { "kind": "object", "of": { "d": { "kind": "string" } } } });
        let file = json!({ "format": 1, "trigger": trigger, "name": "", "active": true, "variables": variables });
        project.write(&format!(".teleflow/{number}.json"), &file.to_string());
    }
    let ran = project.run_with(&[], "", &["generate"]).ended(0);
    let file = syn::parse_file(&ran.stdout).unwrap();
    let structs = file
        .items
        .iter()
        .filter_map(|item| if let Item::Struct(item) = item { Some(item.ident.to_string()) } else { None });
    let mut structs: Vec<_> = structs.collect();
    structs.sort();
    assert_eq!(structs, ["AB", "AB2", "AB2C", "AB3", "AB3C", "ABC"]);
}

#[test]
fn a_missing_workflow_is_an_error() {
    let project = Project::new();
    let ran = project.run_with(&[], "", &["generate"]).ended(1);
    assert_eq!(ran.stderr, "error: the catalog `.teleflow` has no workflows; run `cargo teleflow pull`\n");
    let project = catalog("order-shipped", &json!({}));
    let ran = project.run_with(&[], "", &["generate", "order_shiped"]).ended(1);
    assert_eq!(ran.stderr, "error: the catalog has no workflow `order_shiped`; did you mean `order-shipped`?\n");
    assert_eq!(ran.stdout, "");
    project.write(".teleflow/one.json", "{}");
    let ran = project.run_with(&[], "", &["generate"]).ended(1);
    assert_eq!(
        ran.stderr,
        "warning: ignoring `.teleflow/one.json`, which is not a workflow file: `format` is not 1\n\
         error: the catalog `.teleflow` has no workflows; run `cargo teleflow pull`\n"
    );
}

#[test]
fn an_impossible_struct_is_a_comment() {
    for (trigger, variables, comment) in [
        (
            "a\nfn f() {}",
            json!({}),
            "// Workflow `a\\u{a}fn\\u{20}f\\u{28}\\u{29}\\u{20}\\u{7b}\\u{7d}` has no struct: a trigger identifier must not have a line break \
             or another control character.\n",
        ),
        (
            " a",
            json!({}),
            "// Workflow `\\u{20}a` has no struct: a trigger identifier must not start or end with whitespace.\n",
        ),
        (
            "a",
            json!({ "constructor": { "kind": "string", "required": true } }),
            "// Workflow `a` has no struct: it requires `constructor`, a reserved key: the server answers 500 to an event that has it.\n",
        ),
        (
            "a",
            json!({ "list": { "kind": "array", "of": { "kind": "object", "of": { "valueOf": { "kind": "string", "required": true } } } } }),
            "// Workflow `a` has no struct: it requires `list\\u{5b}\\u{5d}.valueOf`, a reserved key: the server removes it.\n",
        ),
        (
            "a",
            json!({ "constructor": { "kind": "date", "required": true } }),
            "// Workflow `a` has no struct: it requires `constructor`, a reserved key: the server answers 500 to an event that has it.\n",
        ),
    ] {
        let ran = catalog(trigger, &variables).run_with(&[], "", &["generate"]).ended(0);
        assert_eq!((&*ran.stdout, &*ran.stderr), (comment, ""));
        is_formatted(&ran.stdout);
    }
}

#[test]
fn a_struct_with_a_required_address_is_commented_out() {
    let variables = json!({
        "phone": { "kind": "string", "required": true }, "inner": { "kind": "object", "of": { "x": { "kind": "string" } } },
    });
    let project = catalog("call-me", &variables);
    let ran = project.run_with(&[], "", &["generate"]).ended(0);
    golden("generated/address.rs", &ran.stdout);
    is_formatted(&ran.stdout);
    assert_eq!(fields(&ran.stdout), []);
    // Without the comment signs, it is Rust.
    let (_, decided) = ran.stdout.split_once("uncomment the code:\n").unwrap();
    let decided: String = decided.lines().map(|line| line.trim_start_matches("// ").to_owned() + "\n").collect();
    let decided: Vec<_> = fields(&decided).into_iter().map(|(of, field, _)| format!("{of}.{field}")).collect();
    assert_eq!(decided, ["CallMe.inner", "CallMe.phone", "CallMeInner.x"]);

    let variables = json!({ "subscriber": { "kind": "string", "required": true } });
    let ran = catalog("a", &variables).run_with(&[], "", &["generate"]).ended(0);
    assert!(ran.stdout.starts_with("// Workflow `a` is commented out: it requires `subscriber`, but templates read the server's own `subscriber`.\n"), "{ran:?}");
}
