//! The workflows and notifications that the emulator lists, compared with those of the recorded server.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, EmulatorServer, Seeds, Workflow};

use crate::conformance::compare::differences;
use crate::conformance::wire;

fn recorded() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/introspection.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

async fn get(server: &EmulatorServer, target: &str) -> (u16, Value) {
    let headers = BTreeMap::from([("authorization".to_owned(), "ApiKey test-key".to_owned())]);
    let response = wire::send(server.addr(), "GET", target, &headers, None).await.unwrap();
    (response.status, response.json().unwrap())
}

/// Serves an emulator with the recorded workflows.
async fn serve(recorded: &Value) -> EmulatorServer {
    let workflows: Vec<&Value> = recorded["list"]["data"].as_array().unwrap().iter().collect();
    let identifier = |workflow: &Value| workflow["triggers"][0]["identifier"].as_str().unwrap().to_owned();
    let details: Vec<&Value> = workflows.iter().map(|listed| &recorded["detail"][identifier(listed)]["data"]).collect();
    let seeds = json!({
        "apiKeys": [{
            "key": "test-key", "environment": "dev", "environmentId": "650000000000000000000003",
            "organizationId": "650000000000000000000002", "userId": "650000000000000000000001",
        }],
        "workflows": { "dev": details },
    });
    Emulator::from_seeds(Seeds::from_json(&seeds.to_string()).unwrap()).serve("127.0.0.1:0").await.unwrap()
}

#[tokio::test]
async fn a_workflow_is_found_by_identifier_and_by_id_as_recorded() {
    let recorded = recorded();
    let server = serve(&recorded).await;
    for (identifier, detail) in recorded["detail"].as_object().unwrap() {
        let id = detail["data"]["_id"].as_str().unwrap();
        for name in [identifier.as_str(), id] {
            assert_eq!(get(&server, &format!("/v1/workflows/{name}")).await, (200, detail.clone()));
        }
    }
    let (status, body) = get(&server, "/v1/workflows/nope").await;
    assert_eq!(status, 404);
    assert_eq!(body, json!({ "message": "Template with id nope not found", "error": "Not Found", "statusCode": 404 }));
}

#[tokio::test]
async fn the_list_equals_the_recorded_one() {
    let recorded = recorded();
    let server = serve(&recorded).await;
    let (status, mut got) = get(&server, "/v1/workflows?page=0&limit=100").await;
    let mut expected = recorded["list"].clone();
    // A single workflow has only the id of its group, not the time when the group was created.
    for list in [&mut got, &mut expected] {
        for workflow in list["data"].as_array_mut().unwrap() {
            for field in ["createdAt", "updatedAt"] {
                assert!(workflow["notificationGroup"][field].take().is_string());
            }
        }
    }
    assert_eq!(status, 200);
    assert_eq!(differences("list", &expected, &got), [""; 0]);
}

#[tokio::test]
async fn the_list_has_pages_and_can_be_searched() {
    let emulator = Emulator::new();
    for number in 0..23 {
        emulator.workflow(Workflow::new(format!("flow-{number}")));
    }
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let count = async |query: &str| {
        let (_, body) = get(&server, &format!("/v1/workflows?{query}")).await;
        (body["totalCount"].as_u64(), body["data"].as_array().map(Vec::len), body["pageSize"].as_u64())
    };
    assert_eq!(count("").await, (Some(23), Some(10), Some(10)));
    assert_eq!(count("page=2").await, (Some(23), Some(3), Some(10)));
    assert_eq!(count("page=9&limit=5").await, (Some(23), Some(0), Some(5)));
    assert_eq!(count("query=FLOW-1&limit=100").await, (Some(11), Some(11), Some(100)));
    let (status, body) = get(&server, "/v1/workflows?limit=101").await;
    assert_eq!((status, &body["message"]), (400, &json!(["limit must not be greater than 100"])));
}

#[tokio::test]
async fn notifications_are_listed_in_pages() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).workflow(Workflow::new("reminder").delay(Duration::from_secs(60 * 60)));
    let client = teleflow::Client::builder().transport(emulator.clone()).build().unwrap();
    let send = async |trigger: &str, ids: Vec<String>| {
        let event = teleflow::Event::untyped(trigger, json!({})).to(ids).send(&client).await.unwrap();
        event.transaction_id().as_str().to_owned()
    };
    let id = send("welcome", (0..12).map(|number| format!("user-{number}")).collect()).await;
    let delayed = send("reminder", vec!["ada".to_owned()]).await;
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let list = async |query: String| get(&server, &format!("/v1/notifications?transactionId={query}")).await.1;
    let page = list(id.clone()).await;
    assert_eq!((&page["hasMore"], page["data"].as_array().unwrap().len()), (&json!(true), 10));
    let last = list(format!("{id}&page=1")).await;
    assert_eq!(
        (&last["hasMore"], &last["page"], last["data"].as_array().unwrap().len()),
        (&json!(false), &json!(1), 2)
    );
    let first = &last["data"][1];
    assert_eq!(first["subscriber"]["subscriberId"], "user-0");
    assert_eq!(first["channels"], json!(["in_app"]));
    let details = first["jobs"][0]["executionDetails"].as_array().unwrap();
    assert!(details.iter().any(|entry| entry["detail"] == "Message created"), "{details:?}");

    let status = async || list(delayed.clone()).await["data"][0]["jobs"][0]["status"].clone();
    assert_eq!(status().await, "delayed");
    assert_eq!(client.cancel(&delayed.as_str().into()).await.unwrap(), teleflow::Cancellation::Cancelled);
    assert_eq!(status().await, "canceled");
}
