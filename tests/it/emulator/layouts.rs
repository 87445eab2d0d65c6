//! `GET /v1/layouts`, as the tests of the server's own source expect it.

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, EmulatorServer, Seeds};

use super::request;

const ENVIRONMENT: &str = "650000000000000000000003";

async fn serve() -> EmulatorServer {
    let layout = |number: usize| {
        json!({
            "_id": format!("6a000000000000000000000{number}"), "name": format!("Layout {number}"),
            "identifier": format!("layout-{number}"), "channel": "email", "content": "{{{body}}}", "contentType": "customHtml",
            "variables": [{ "_id": "v", "name": "company", "type": "String", "required": false, "defaultValue": "Acme" }],
            "isDefault": number == 1, "deleted": false, "_environmentId": ENVIRONMENT,
            "createdAt": format!("2026-01-0{number}T00:00:00.000Z"), "updatedAt": "2026-02-01T00:00:00.000Z",
        })
    };
    let seeds = json!({
        "apiKeys": [{
            "key": "test-key", "environment": "dev", "environmentId": ENVIRONMENT,
            "organizationId": "650000000000000000000002", "userId": "650000000000000000000001",
        }],
        "layouts": { "dev": [layout(2), layout(1), layout(3)] },
    });
    Emulator::from_seeds(Seeds::from_json(&seeds.to_string()).unwrap()).serve("127.0.0.1:0").await.unwrap()
}

async fn get(server: &EmulatorServer, target: &str) -> (u16, Value) {
    let response = request(server.addr(), "GET", target, None).await;
    (response.status, response.json().unwrap())
}

#[tokio::test]
async fn the_list_has_pages_newest_first() {
    let server = serve().await;
    for (query, page_size, expected) in [
        ("", 10, [3, 2, 1].as_slice()),
        ("?page=0&pageSize=2", 2, &[3, 2]),
        ("?page=1&pageSize=2", 2, &[1]),
        ("?page=2&pageSize=2", 2, &[]),
        ("?unsupportedParam=whatever", 10, &[3, 2, 1]),
        ("?sortBy=createdAt&orderBy=1", 10, &[1, 2, 3]),
        ("?sortBy=createdAt&orderBy=-1&pageSize=2", 2, &[3, 2]),
        ("?pageSize=0", 0, &[3, 2, 1]),
    ] {
        let (status, body) = get(&server, &format!("/v1/layouts{query}")).await;
        let names: Vec<&Value> = body["data"].as_array().unwrap().iter().map(|layout| &layout["name"]).collect();
        let expected: Vec<String> = expected.iter().map(|number| format!("Layout {number}")).collect();
        assert_eq!(
            (status, names),
            (200, expected.iter().map(|name| json!(name)).collect::<Vec<_>>().iter().collect())
        );
        assert_eq!((&body["totalCount"], &body["pageSize"]), (&json!(3), &json!(page_size)), "{query}");
    }
}

#[tokio::test]
async fn invalid_pages_are_rejected() {
    let server = serve().await;
    let less = |name: &str| format!("{name} must not be less than 0");
    let integer = |name: &str| format!("{name} must be an integer number");
    let (page, size) = ("page", "pageSize");
    for (query, messages) in [
        ("page=first&pageSize=big", json!([less(page), integer(page), less(size), integer(size)])),
        ("page=1.5&pageSize=1.5", json!([integer(page), integer(size)])),
        ("page=-1&pageSize=-1", json!([less(page), less(size)])),
        ("page=1&pageSize=1001", json!("Page size can not be larger then 1000")),
    ] {
        let expected = json!({ "message": messages, "error": "Bad Request", "statusCode": 400 });
        assert_eq!(get(&server, &format!("/v1/layouts?{query}")).await, (400, expected));
    }
}

#[tokio::test]
async fn a_layout_is_found_by_its_id() {
    let server = serve().await;
    let (status, body) = get(&server, "/v1/layouts/6a0000000000000000000002").await;
    let layout = &body["data"];
    assert_eq!((status, &layout["identifier"], &layout["isDeleted"]), (200, &json!("layout-2"), &json!(false)));
    let variable = json!({ "name": "company", "type": "String", "defaultValue": "Acme", "required": false });
    assert_eq!(layout["variables"], json!([variable]));

    let id = "ab12345678901234567890ab";
    let message = format!("Layout not found for id {id} in the environment {ENVIRONMENT}");
    let expected = json!({ "message": message, "error": "Not Found", "statusCode": 404 });
    assert_eq!(get(&server, &format!("/v1/layouts/{id}")).await, (404, expected));
}
