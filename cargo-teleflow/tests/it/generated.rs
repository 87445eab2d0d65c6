//! The code from `generate` compiles without warnings, and a changed copy fails the check.

use serde_json::{Value, json};

use crate::packages::Packages;
use crate::support::{Canned, Server, document, ok, recorded, step};

fn package(name: &str) -> Packages {
    let packages = Packages::one(name);
    packages.files.write("src/lib.rs", "#![deny(warnings)]\npub mod generated;\n");
    packages
}

/// Writes the generated code into the package.
fn generate(packages: &Packages) -> String {
    let ran = packages.files.run_with(&[], "", &["generate"]).ended(0);
    assert_eq!(ran.stderr, "");
    assert!(!ran.stdout.contains("fn f"), "{}", ran.stdout);
    packages.files.write("src/generated.rs", &ran.stdout);
    ran.stdout
}

/// Asserts that the check fails after a replacement in the source.
#[track_caller]
fn was_checked(packages: &Packages, source: &str, was: &str, is: &str, error: &str) {
    assert_eq!(source.matches(was).count(), 1, "{was}\n{source}");
    packages.files.write("src/generated.rs", &source.replace(was, is));
    let said = packages.fails("");
    assert!(said.contains(error), "{error}\n    is not in\n{said}");
    assert_eq!(said.matches("error: ").count() + said.matches("error[").count(), 2, "{said}");
}

fn file(trigger: &str, variables: &Value) -> Value {
    json!({ "format": 1, "trigger": trigger, "name": "", "active": true, "variables": variables })
}

#[test]
fn of_the_recorded_workflows() {
    let packages = package("generated-recorded");
    packages.files.run(&Server::with(&recorded()).url(), &["pull"]).ended(0);
    let source = generate(&packages);
    packages.builds("");
    for (was, is, error) in [
        ("pub carrier:", "pub carriers:", "`OrderShippedKGnzIEkFf` has no field `carrier`"),
        ("pub qty:", "pub quantity:", "`OrderShippedKGnzIEkFfItems` has no field `qty`"),
        ("\"sendAt\"", "\"sendat\"", "has no field `sendAt`, but workflow `invoice-due` requires it"),
        ("pub text: String", "pub text: Vec<String>", "`comment.text` is an array"),
    ] {
        was_checked(&packages, &source, was, is, error);
    }
}

/// Names that are not Rust identifiers, at the top level and inside objects and arrays.
fn nasty() -> Value {
    let mut all = json!({
        "x: u8 } fn f() {": { "kind": "object", "steps": ["*/ fn g() {\n}"], "of": { "\"); fn f() { (\"": { "kind": "string" } } },
        "2nd": { "kind": "string" }, "": { "kind": "string" }, " ": { "kind": "string" }, "\u{1f3a9}": { "kind": "string" },
        "orderId": { "kind": "string" }, "order_id": { "kind": "number" }, "order-id": { "kind": "string" }, "OrderID": { "kind": "any" },
        "new\nline": { "kind": "string" }, "bidi\u{202e}": { "kind": "string" }, "ünï": { "kind": "string" }, "nul\0": { "kind": "string" },
        "{}": { "kind": "string" }, "{0}": { "kind": "string" }, "\\": { "kind": "string" }, "\"#": { "kind": "string" }, "'": { "kind": "string" },
        "a.b": { "kind": "string" }, "a": { "kind": "object", "of": { "b": { "kind": "number" } } }, "a[]": { "kind": "string" },
        "constructor": { "kind": "string" }, "__proto__": { "kind": "string" },
        "deep": { "kind": "array", "of": { "kind": "object", "of": { "__proto__": { "kind": "string" }, "ok": { "kind": "string" }, "email": { "kind": "string" } } } },
        "email": { "kind": "string" }, "phone": { "kind": "string" }, "webhookUrl": { "kind": "string" },
    });
    let keywords = [
        "type", "fn", "self", "Self", "super", "crate", "async", "gen", "try", "union", "_", "static", "macro", "dyn",
        "box",
    ];
    for name in keywords {
        all[name] = json!({ "kind": "string", "required": true });
    }
    let types =
        ["String", "Option", "Vec", "Serialize", "str", "bool", "f64", "std", "teleflow", "serde", "core", "Ok", "Err"];
    for name in types {
        all[name] = json!({ "kind": "object", "of": { "x": { "kind": "boolean", "required": true } } });
    }
    all["l".repeat(300)] = json!({ "kind": "object", "of": { "m".repeat(300): { "kind": "number", "exact": true } } });
    all
}

#[test]
fn of_names_that_are_not_identifiers() {
    let packages = package("generated-nasty");
    let triggers =
        ["x: u8 } fn f() {", "string", "Vec", "result", "1", "\u{202e}", "\u{1f3a9}", "\"#]\nfn f() {}", "{0}", "self"];
    let long = "t".repeat(300);
    for (number, trigger) in triggers.into_iter().chain([&*long]).enumerate() {
        let mut one = file(trigger, &nasty());
        one["name"] = json!("*/ \"}\n#![cfg(any())] {{x}} \u{202e}");
        one["actor"] = json!({ "required": number % 2 == 0, "steps": ["{a}", "\"\n`b`"] });
        one["tenant"] = json!({});
        packages.files.write(&format!(".teleflow/{}", teleflow_catalog::files::file_name(trigger)), &one.to_string());
    }
    let source = generate(&packages);
    packages.builds("");

    let long_name = format!("pub {}: Option<f64>,", "m".repeat(300));
    let last = source.rfind(&long_name).unwrap();
    let (before, after) = source.split_at(last);
    let once = format!("{before}pub m: Option<f64>,{}", after.strip_prefix(&*long_name).unwrap());
    packages.files.write("src/generated.rs", &once);
    let said = packages.fails("");
    assert!(said.contains("has no field `mmmm"), "{said}");

    for (was, is, name) in [
        ("\"\\u{1f3a9}\"", "\"\\u{1f3a8}\"", "\u{1f3a9}"),
        (
            "\"x\\u{3a}\\u{20}u8\\u{20}\\u{7d}\\u{20}fn\\u{20}f\\u{28}\\u{29}\\u{20}\\u{7b}\"",
            "\"x\"",
            "x: u8 } fn f() {",
        ),
    ] {
        let renamed = source.replace(&format!("#[serde(rename = {was})]"), &format!("#[serde(rename = {is})]"));
        assert_ne!(renamed, source);
        packages.files.write("src/generated.rs", &renamed);
        let said = packages.fails("");
        assert!(said.contains(&format!("has no field `{name}`, but workflow")), "{name}:\n{said}");
    }
}

/// Every kind: optional, required and exact, and in nested arrays.
fn kinds() -> Value {
    let leaves = ["any", "string", "number", "integer", "boolean", "date", "array", "object"];
    let mut all = json!({});
    for kind in leaves {
        for (name, required, exact) in
            [("loose", false, false), ("needed", true, false), ("exact", false, true), ("both", true, true)]
        {
            let leaf = json!({ "kind": kind, "required": required, "exact": exact });
            let list = |of: &Value| json!({ "kind": "array", "required": required, "exact": exact, "of": of });
            all[format!("{kind}_{name}")] = leaf.clone();
            all[format!("{kind}_{name}_list")] = list(&leaf);
            all[format!("{kind}_{name}_lists")] = list(&list(&list(&leaf)));
            let object = json!({ "kind": "object", "required": required, "exact": exact, "of": { kind: leaf, "list": list(&leaf) } });
            all[format!("{kind}_{name}_objects")] = list(&list(&object));
        }
    }
    all
}

#[test]
fn of_every_kind() {
    let packages = package("generated-kinds");
    packages.files.write(".teleflow/kinds.json", &file("kinds", &kinds()).to_string());
    packages.files.write(".teleflow/none.json", &file("none", &json!({})).to_string());
    let source = generate(&packages);
    packages.builds("");
    for (was, is, error) in [
        (
            "pub string_both_lists: Vec<Vec<Vec<String>>>",
            "pub string_both_lists: Vec<Vec<Vec<f64>>>",
            "`string_both_lists[][][]` is a number",
        ),
        ("pub number_exact: Option<f64>", "pub number_exact: Option<String>", "`number_exact` is a string"),
        ("pub integer_both: i64", "pub integer_both: String", "`integer_both` is a string"),
        ("pub boolean_needed: bool", "pub boolean_needed: Option<bool>", "`boolean_needed` may be `null`"),
        ("pub date_loose: teleflow::DeliverAt", "pub date_loose: String", "`date_loose` is a string"),
        (
            "pub array_both_lists: Vec<Vec<Vec<Vec<serde_json::Value>>>>",
            "pub array_both_lists: Vec<Vec<Vec<String>>>",
            "`array_both_lists[][][]` is a string",
        ),
        (
            "pub object_loose: std::collections::BTreeMap<String, serde_json::Value>",
            "pub object_loose: Vec<String>",
            "`object_loose` is an array",
        ),
        ("pub any_needed: serde_json::Value", "pub any_needed: Option<String>", "`any_needed` may be `null`"),
    ] {
        was_checked(&packages, &source, was, is, error);
    }
}

#[test]
fn of_a_schema_that_the_server_enforces() {
    let packages = package("generated-schema");
    let schema = json!({
        "type": "object", "required": ["orderId", "items", "at", "colour", "billTo", "shipTo", "nickname"], "additionalProperties": false,
        "properties": {
            "orderId": { "type": "integer" }, "at": { "type": "string", "format": "date-time" },
            "items": { "type": "array", "items": { "type": "object", "required": ["sku"], "properties": {
                "sku": { "type": "string" }, "sizes": { "type": "array", "items": { "type": "array", "items": { "type": "number" } } },
            } } },
            "nickname": { "type": ["string", "null"] }, "meta": { "type": ["object", "null"] }, "gift": { "type": "boolean" }, "either": { "oneOf": [] },
            "constructor": { "type": "string" }, "email": { "type": "string", "format": "email" },
            "colour": { "enum": ["red", "dark-green"] }, "shade": { "const": "dark" }, "level": { "enum": [1, 2] },
            "count": { "type": ["integer", "null"] }, "tags": { "anyOf": [{ "type": "array", "items": { "type": "string" } }, { "type": "null" }] },
            "billTo": { "$ref": "#/$defs/address" }, "shipTo": { "$ref": "#/properties/billTo" },
            "past": { "type": "array", "items": { "$ref": "#/$defs/address" } }, "any": { "type": ["string", "number"] },
            "tree": { "$ref": "#/$defs/tree" }, "map": { "type": "object", "additionalProperties": { "type": "string" } },
            "pair": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "number" }] },
        },
        "$defs": {
            "address": { "type": "object", "required": ["street"], "properties": { "street": { "type": "string" }, "floor": { "type": ["integer", "null"] } } },
            "tree": { "type": "object", "properties": { "label": { "type": "string" }, "inside": { "type": "array", "items": { "$ref": "#/$defs/tree" } } } },
        },
    });
    let mut delay = step("delay", "");
    delay["metadata"] = json!({ "type": "scheduled", "delayPath": "at" });
    let listed = json!([{ "name": "orderId", "type": "String" }, { "name": "items", "type": "Array" }]);
    let orders =
        document("orders", &json!([step("email", "{{orderId}} {{actor.firstName}} {{tenant.name}}"), delay]), &listed);
    let server = Canned::documents(vec![orders], move |target| match target {
        "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [], "totalCount": 1 } })),
        "/v2/workflows/orders" => ok(&json!({ "data": { "validatePayload": true, "payloadSchema": schema } })),
        _ => (404, "", String::new()),
    });
    let ran = packages.files.run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr, "");
    let source = generate(&packages);
    assert!(source.contains("\n    pub nickname: Option<String>,"), "{source}");
    packages.builds("");
    for (was, is, error) in [
        (
            "pub order_id: i64",
            "pub order_id: String",
            "`orderId` is a string, but workflow `orders` expects an integer",
        ),
        ("pub sizes: Option<Vec<Vec<f64>>>", "pub sizes: Option<Vec<Vec<String>>>", "`items[].sizes[][]` is a string"),
        ("pub sku: String", "pub sku: Option<String>", "`items[].sku` may be `null`"),
        ("pub at: teleflow::DeliverAt", "pub at: String", "`at` is a string"),
        ("pub gift: Option<bool>", "pub gift: Option<String>", "`gift` is a string"),
        ("pub colour: OrdersColour", "pub colour: bool", "`colour` is a boolean"),
        ("pub ship_to: OrdersShipTo", "pub ship_to: String", "`shipTo` is a string"),
        ("    DarkGreen,", "    DarkGreen,\n    Blue,", "`colour`"),
        ("pub order_id: i64,", "pub order_id: i64,\n    pub surplus: String,", "`surplus`"),
    ] {
        was_checked(&packages, &source, was, is, error);
    }
}

#[test]
fn of_a_name_that_e_mails_set_themselves() {
    let packages = package("generated-email");
    let mut news = file("news", &json!({ "subject": { "kind": "string", "steps": ["in_app"] } }));
    news["email_reads"] = json!(["subject"]);
    packages.files.write(".teleflow/news.json", &news.to_string());
    let source = generate(&packages);
    packages.builds("");
    was_checked(&packages, &source, "    #[teleflow(shadowed)]\n", "", "replace `subject` with a value of their own");
}

#[test]
fn of_a_workflow_that_is_switched_off() {
    let packages = package("generated-inactive");
    let mut off = file("off", &json!({ "note": { "kind": "string" } }));
    off["active"] = json!(false);
    packages.files.write(".teleflow/off.json", &off.to_string());
    let source = generate(&packages);
    assert!(source.contains("/// It is switched off, so the server drops its events."), "{source}");
    // The warning is an error under `deny(warnings)`, and can be expected like those of the compiler.
    let said = packages.fails("");
    assert!(
        said.contains("workflow `off` is switched off, so the server drops its events [.teleflow/off.json]"),
        "{said}"
    );
    packages.files.write("src/lib.rs", "#![deny(warnings)]\n#[expect(deprecated)]\npub mod generated;\n");
    packages.builds("");
}

#[test]
fn of_required_names_that_the_server_sets_itself() {
    let packages = package("generated-shadowed");
    let names = ["actor", "branding", "email", "preheader", "step", "subscriber", "tenant"];
    for name in names {
        let one = json!({ name: { "kind": "string", "required": true } });
        packages.files.write(&format!(".teleflow/{name}.json"), &file(name, &one).to_string());
    }
    let all: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!({ "kind": "string", "required": true }))).collect();
    packages.files.write(".teleflow/all.json", &file("all", &json!(all)).to_string());
    let source = generate(&packages);
    assert_eq!(source.matches("uncomment the code:").count(), names.len() + 1, "{source}");
    let code = |line: &str| match line.strip_prefix("// ") {
        Some(code) if !code.starts_with("Workflow ") && !code.starts_with("If ") => format!("{code}\n"),
        _ => format!("{line}\n"),
    };
    let uncommented: String = source.lines().map(code).collect();
    packages
        .files
        .write("src/generated.rs", &format!("use serde::Serialize;\nuse teleflow::TeleflowWorkflow;\n{uncommented}"));
    packages.builds("");
}

#[test]
fn of_reserved_keys_below_an_empty_name() {
    let packages = package("generated-empty-name");
    let inner = json!({ "kind": "object", "of": { "constructor": { "kind": "string" }, "ok": { "kind": "string" }, "email": { "kind": "string" } } });
    packages.files.write(".teleflow/odd.json", &file("odd", &json!({ "": inner })).to_string());
    let source = generate(&packages);
    assert!(source.contains("omit(\".constructor\")"), "{source}");
    packages.builds("");
}

#[test]
fn of_alternatives() {
    let packages = package("generated-alternatives");
    let one = |kind: &str, own: &str| {
        json!({ "type": "object", "required": ["kind", own], "additionalProperties": false,
            "properties": { "kind": { "const": kind }, own: { "type": "string" } } })
    };
    let union = json!({ "oneOf": [one("card", "number"), one("bank", "iban")] });
    let schema = json!({ "type": "object", "required": ["pay", "past"], "properties": {
        "pay": union, "past": { "type": "array", "items": union } } });
    let documents = vec![document("inner", &json!([]), &json!([])), document("root", &json!([]), &json!([]))];
    let server = Canned::documents(documents, move |target| match target {
        "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [], "totalCount": 2 } })),
        "/v2/workflows/inner" => ok(&json!({ "data": { "validatePayload": true, "payloadSchema": schema } })),
        "/v2/workflows/root" => ok(&json!({ "data": { "validatePayload": true, "payloadSchema": union } })),
        _ => (404, "", String::new()),
    });
    let ran = packages.files.run(server.url(), &["pull"]).ended(0);
    let said: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(said.len(), 2, "{ran:?}");
    assert!(said.iter().all(|line| line.contains("only some of them have or require `iban`, `number`")), "{ran:?}");
    let source = generate(&packages);
    for part in [
        "pub pay: serde_json::Value,",
        "pub past: Vec<serde_json::Value>,",
        "pub kind: RootKind,\n    // Only some alternatives of the schema have `iban`, `number`.",
    ] {
        assert!(source.contains(part), "{part}\n{source}");
    }
    packages.builds("");
}
