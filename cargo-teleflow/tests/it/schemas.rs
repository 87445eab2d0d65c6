//! Schemas, where the server has the newer routes.

use serde_json::{Value, json};

use crate::support::{Canned, CannedResponse, Project, document, golden, ok, step};

fn documents() -> Vec<Value> {
    let listed = json!([{ "name": "orderId", "type": "String" }, { "name": "items", "type": "Array" }]);
    vec![
        document("a b", &json!([step("email", "{{orderId}} {{note}}")]), &listed),
        document("plain", &json!([step("email", "{{orderId}}")]), &listed),
    ]
}

fn schema() -> Value {
    json!({
        "type": "object", "required": ["orderId", "items"], "additionalProperties": false,
        "properties": {
            "orderId": { "type": "integer" },
            "items": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } },
            "meta": { "type": ["object", "null"] },
        },
    })
}

fn server(enforced: bool) -> Canned {
    Canned::documents(documents(), move |target| match target {
        "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [], "totalCount": 2 } })),
        "/v2/workflows/a%20b" => ok(&json!({ "data": { "validatePayload": enforced, "payloadSchema": schema() } })),
        "/v2/workflows/plain" => ok(&json!({ "data": { "payloadSchema": null } })),
        _ => (404, "", String::new()),
    })
}

#[test]
fn an_enforced_schema_makes_variables_exact_and_required() {
    let project = Project::new();
    let server = server(true);
    let ran = project.run(server.url(), &["pull"]).ended(0);
    assert_eq!(
        ran.stderr,
        "warning: the schema of workflow `a b` forbids `note`, which step `email` reads; \
         add it to the schema's `properties`\n"
    );
    golden("catalog/a%20b.json", &project.read(".teleflow/a%20b.json"));
    let plain: Value = serde_json::from_str(&project.read(".teleflow/plain.json")).unwrap();
    assert_eq!(plain.get("schema"), None);
    let asked = server.requests().into_iter().filter(|head| head.starts_with("GET /v2/")).count();
    assert_eq!(asked, 3);
}

#[test]
fn a_schema_that_is_not_enforced_declares_kinds_only() {
    let project = Project::new();
    project.run(server(false).url(), &["pull"]).ended(0);
    let file: Value = serde_json::from_str(&project.read(".teleflow/a%20b.json")).unwrap();
    assert_eq!(file["variables"]["orderId"], json!({ "kind": "integer", "steps": ["email"] }));
    assert_eq!(file["variables"]["meta"], json!({ "kind": "object", "nullable": true }));
    assert_eq!(file["variables"]["note"], json!({ "kind": "string", "steps": ["email"] }));
    assert_eq!(file.get("closed"), None);
    assert_eq!(file["schema"], schema());
}

#[test]
fn unreadable_parts_of_a_schema_cause_warnings() {
    let schema = json!({ "required": ["total"], "properties": {
        "total": { "$ref": "https://x.test/money.json" }, "note": { "allOf": [{ "type": "string" }, { "type": "array" }] },
    } });
    let server = Canned::documents(documents(), move |target| match target {
        "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [], "totalCount": 2 } })),
        "/v2/workflows/a%20b" => ok(&json!({ "data": { "validatePayload": true, "payloadSchema": schema } })),
        _ => (404, "", String::new()),
    });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull"]).ended(0);
    assert_eq!(
        ran.stderr,
        "warning: the schema of workflow `a b` accepts no value for `note`; fix the schema\n\
         warning: the schema of workflow `a b` cannot be read at `total`: `$ref` `https://x.test/money.json` is not part of it; \
         what it requires there is not checked\n"
    );
    let file: Value = serde_json::from_str(&project.read(".teleflow/a%20b.json")).unwrap();
    assert_eq!(file["variables"]["total"], json!({ "kind": "any", "nullable": true, "required": true }));
}

#[test]
fn a_server_without_the_routes_gets_one_request() {
    let answers: [CannedResponse; 5] = [
        (404, "", json!({ "message": "Cannot GET /v2/workflows" }).to_string()),
        (401, "", json!({ "message": "API endpoint not available" }).to_string()),
        (200, "", "<html>".to_owned()),
        (200, "", "{\"data\":[]}".to_owned()),
        (302, "location: /\r\n", String::new()),
    ];
    for made in answers {
        let server = Canned::documents(documents(), move |_| made.clone());
        let project = Project::new();
        let ran = project.run(server.url(), &["pull"]).ended(0);
        assert_eq!(ran.stderr, "");
        assert_eq!(server.requests().iter().filter(|head| head.starts_with("GET /v2/")).count(), 1);
    }
}

#[test]
fn routes_that_fail_are_an_error() {
    let project = Project::new();
    let server = Canned::documents(documents(), |_| (502, "", String::new()));
    let ran = project.run(server.url(), &["pull"]).ended(1);
    assert!(ran.stderr.contains("/v2/workflows?limit=1 (502)"), "{ran:?}");
    assert!(project.list(".teleflow").is_empty());
}
