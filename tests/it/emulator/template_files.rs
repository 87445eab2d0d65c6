//! `Emulator::load_templates`: what it adds, and its errors.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};
use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
use tempfile::TempDir;

use super::request;

fn file(trigger: &str) -> Value {
    json!({
        "version": 1, "trigger": trigger, "name": trigger, "active": true, "critical": false,
        "reservedVariables": [{ "type": "tenant", "variables": [] }],
        "steps": [{
            "active": true,
            "template": {
                "type": "email", "subject": "Hi", "contentType": "customHtml", "content": ["<p>", "{{code}}", "</p>"],
                "layout": "main", "variables": [{ "name": "code", "type": "String", "required": true }],
            },
            "variants": [{ "active": true, "template": { "type": "email", "layout": "gone" } }],
        }],
        "layouts": [{ "identifier": "main", "isDefault": true, "content": ["<body>", "{{{body}}}</body>"] }],
    })
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

/// The error for one file with this content.
fn error_of(text: &str) -> String {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "w.json", text);
    let emulator = Emulator::new();
    let error = emulator.load_templates(folder.path()).unwrap_err().to_string();
    let path = folder.path().join("w.json").display().to_string();
    assert!(error.contains(&path), "{error}");
    error.replace(&path, "w.json")
}

#[tokio::test]
async fn workflows_and_layouts_are_added_or_replaced() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "w.json", &file("w").to_string());
    write(folder.path(), "other.json", &file("other").to_string());
    write(folder.path(), "README.md", "not read");
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("w").inactive()).workflow(Workflow::new("kept")).tenant("acme");
    emulator.subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
    emulator.load_templates(folder.path()).unwrap().load_templates(folder.path()).unwrap();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let get = async |target: &str| request(server.addr(), "GET", target, None).await.json().unwrap();

    assert_eq!(get("/v1/workflows").await["totalCount"], 3);
    let layouts = get("/v1/layouts").await;
    assert_eq!((&layouts["totalCount"], &layouts["data"][0]["identifier"]), (&json!(1), &json!("main")));
    assert_eq!(layouts["data"][0]["content"], "<body>\n{{{body}}}</body>");
    let step = &get("/v1/workflows/w").await["data"]["steps"][0];
    assert_eq!(step["template"]["_layoutId"], layouts["data"][0]["_id"]);
    assert_eq!(step["template"]["content"], "<p>\n{{code}}\n</p>");
    assert_eq!(step["variants"][0]["template"]["_layoutId"], "gone");

    // The API checks events against the loaded workflow.
    let send =
        async |body: Value| request(server.addr(), "POST", "/v1/events/trigger", Some(body)).await.json().unwrap();
    let answer = send(json!({ "name": "w", "to": "ada", "payload": { "code": 5 } })).await;
    assert_eq!(answer["message"], "Trigger is missing: tenant object");
    let tenant = json!({ "identifier": "acme" });
    let answer = send(json!({ "name": "w", "to": "ada", "payload": {}, "tenant": tenant })).await;
    assert_eq!(answer["message"], "payload is missing required key(s) and type(s): code (Value)");
    let answer = send(json!({ "name": "w", "to": "ada", "payload": { "code": 5 }, "tenant": tenant })).await;
    assert_eq!(answer["data"]["status"], "processed");
    let messages = emulator.messages();
    let [email] = &messages.iter().filter_map(|message| message.email()).collect::<Vec<_>>()[..] else {
        panic!("expected one e-mail: {messages:?}");
    };
    assert_eq!((email.subject(), email.to()), ("Hi", vec!["ada@example.com"]));
    assert!(email.html().contains("<p>\n5\n</p></body>"), "{}", email.html());
    // A reset keeps what was loaded.
    emulator.reset();
    assert_eq!(get("/v1/layouts").await["totalCount"], 1);
}

#[test]
fn a_malformed_file_is_named_with_what_is_wrong() {
    let with = |path: &str, value: Value| {
        let mut file = file("w");
        *file.pointer_mut(path).unwrap() = value;
        file.to_string()
    };
    let table = [
        ("<<<<<<< HEAD".to_owned(), "it is not valid JSON: expected value at line 1 column 1"),
        ("[".repeat(100_000), "it is not valid JSON: recursion limit exceeded at line 1 column 128"),
        ("[]".to_owned(), "expected a JSON object"),
        // A workflow file.
        (r#"{"active":true,"format":1,"name":"w","trigger":"w","variables":{}}"#.to_owned(), "`version` is not 1"),
        (with("/version", json!(2)), "`version` is 2, from a newer `cargo teleflow`, but this version reads 1"),
        (with("/version", json!("1")), "`version` is not 1"),
        (with("/trigger", json!(5)), "`trigger` is not a string"),
        (with("/active", json!("yes")), "`active` is neither `true` nor `false`"),
        (with("/critical", json!(null)), "`critical` is neither `true` nor `false`"),
        (with("/steps", json!({})), "`steps` is not an array"),
        (with("/steps/0", json!(5)), "`steps[0]` is not an object"),
        (with("/steps/0/active", json!(1)), "`steps[0].active` is neither `true` nor `false`"),
        (with("/steps/0/template", json!([])), "`steps[0].template` is not an object"),
        (with("/steps/0/template/subject", json!(null)), "`steps[0].template.subject` is not a string"),
        (with("/steps/0/template/content", json!({})), "`steps[0].template.content` is neither a string nor an array"),
        (with("/steps/0/template/variables", json!("x")), "`steps[0].template.variables` is not an array"),
        (with("/steps/0/template/variables", json!([{}])), "missing field `name`"),
        (with("/steps/0/variants", json!({})), "`steps[0].variants` is not an array"),
        (with("/steps/0/variants/0", json!(5)), "`steps[0].variants[0]` is not an object"),
        (
            with("/steps/0/variants/0/template/layout", json!(5)),
            "`steps[0].variants[0].template.layout` is not a string",
        ),
        (with("/layouts", json!({})), "`layouts` is not an array"),
        (with("/layouts/0/identifier", json!(null)), "`layouts[0].identifier` is not a string"),
        (with("/layouts/0/content", json!([])), "`layouts[0].content` is not a string"),
        (
            with("/layouts", json!([{ "identifier": "a", "content": "" }, { "identifier": "a", "content": "" }])),
            "it has two layouts `a`",
        ),
    ];
    for (text, reason) in table {
        let expected =
            format!("`w.json` is not a template file: {reason}; run `cargo teleflow pull --templates` again");
        assert_eq!(error_of(&text), expected);
    }
    let error = error_of(&file("a/b").to_string());
    assert_eq!(error, "`w.json` is the file of workflow `a/b`; rename it to `a%2Fb.json`");
}

/// Every file of the same form with one value replaced or removed: it loads, or it is an error, but never a panic.
#[test]
fn no_content_makes_it_panic() {
    fn paths(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| paths(value, &format!("{at}/{key}"), all)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, value)| paths(value, &format!("{at}/{index}"), all));
            }
            _ => {}
        }
    }
    let folder = TempDir::new().unwrap();
    let mut all = Vec::new();
    paths(&file("w"), "", &mut all);
    assert!(all.len() > 30, "{all:?}");
    let (mut loaded, mut errors) = (0, 0);
    for path in all {
        for other in
            [json!(null), json!(-1.5), json!(""), json!([null]), json!([[], "x"]), json!({ "_id": 5, "name": {} })]
        {
            let mut file = file("w");
            *file.pointer_mut(&path).unwrap() = other;
            write(folder.path(), "w.json", &file.to_string());
            match Emulator::new().load_templates(folder.path()) {
                Ok(_) => loaded += 1,
                Err(error) => {
                    assert!(error.to_string().contains("w.json"), "{error}");
                    errors += 1;
                }
            }
        }
    }
    assert!(loaded > 20 && errors > 100, "{loaded} {errors}");
}

#[tokio::test]
async fn nothing_is_added_if_a_file_or_the_folder_is_wrong() {
    let folder = TempDir::new().unwrap();
    let display = folder.path().display().to_string();
    let emulator = Emulator::new();
    let error = |path: &Path| emulator.load_templates(path).unwrap_err().to_string().replace(&display, "DIR");
    assert!(error(&folder.path().join("nope")).starts_with("failed to read `DIR/nope`: "));
    assert_eq!(error(folder.path()), "`DIR` has no template files; run `cargo teleflow pull --templates`");

    write(folder.path(), "a.json", &file("a").to_string());
    let mut other = file("b");
    other["layouts"][0]["content"] = json!("other");
    write(folder.path(), "b.json", &other.to_string());
    assert_eq!(
        error(folder.path()),
        "layout `main` differs between `DIR/a.json` and `DIR/b.json`; run `cargo teleflow pull --templates` again"
    );
    fs::remove_file(folder.path().join("b.json")).unwrap();
    fs::create_dir(folder.path().join("c.json")).unwrap();
    assert_eq!(error(folder.path()), "failed to read `DIR/c.json`: it is not a file");
    fs::remove_dir(folder.path().join("c.json")).unwrap();
    write(folder.path(), "d.json", &" ".repeat(8 * 1024 * 1024 + 1));
    assert_eq!(error(folder.path()), "failed to read `DIR/d.json`: it is larger than 8 MiB");
    // `a.json` was not added.
    let request = http::Request::get("/v1/workflows").header("authorization", "ApiKey test-key").body(Bytes::new());
    let response = emulator.answer(request.unwrap()).await;
    let list: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(list["totalCount"], 0);
    fs::remove_file(folder.path().join("d.json")).unwrap();
    emulator.load_templates(folder.path()).unwrap();
}

#[tokio::test]
async fn a_layout_in_code_and_one_of_a_file_replace_each_other() {
    let folder = TempDir::new().unwrap();
    let mut loaded = file("w");
    loaded["reservedVariables"] = json!([]);
    write(folder.path(), "w.json", &loaded.to_string());
    for code_first in [false, true] {
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("built").email("Hi", "{{code}}").layout("main"));
        emulator.subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
        if code_first {
            emulator.layout("main", "<p>code</p>{{{body}}}").load_templates(folder.path()).unwrap();
        } else {
            emulator.load_templates(folder.path()).unwrap().layout("main", "<p>code</p>{{{body}}}");
        }
        let server = emulator.serve("127.0.0.1:0").await.unwrap();
        for name in ["w", "built"] {
            let body = json!({ "name": name, "to": "ada", "payload": { "code": 5 } });
            request(server.addr(), "POST", "/v1/events/trigger", Some(body)).await;
        }
        let messages = emulator.messages();
        let htmls: Vec<&str> =
            messages.iter().filter_map(|message| message.email()).map(|email| email.html()).collect();
        assert_eq!(htmls.len(), 2, "{messages:?}");
        assert!(
            htmls.iter().all(|html| html.contains("<p>code</p>") != code_first),
            "code first: {code_first}: {htmls:?}"
        );
        let layouts: Value = request(server.addr(), "GET", "/v1/layouts", None).await.json().unwrap();
        assert_eq!(layouts["totalCount"], 1);
    }
}
