//! Digests that are separated by a value of the payload.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Client, Event};
use teleflow_emulator::{Emulator, StepOutcome, StepRecord, Workflow};

const MINUTE: Duration = Duration::from_secs(60);

fn emulator() -> (Emulator, Client) {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("flow").digest_by("order.id", MINUTE).in_app("{{step.total_count}}"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    (emulator, client)
}

async fn send(client: &Client, payload: Value) {
    Event::untyped("flow", payload).to("ada").send(client).await.unwrap();
}

fn contents(emulator: &Emulator) -> Vec<String> {
    emulator.messages().iter().map(|message| message.in_app().unwrap().content().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn many_values_are_digested_without_a_search_through_all() {
    let (emulator, client) = emulator();
    for _ in 0..2 {
        for id in 0..4_000 {
            send(&client, json!({ "order": { "id": format!("order-{id}") } })).await;
        }
        emulator.advance(Duration::from_secs(1));
    }
    let started = std::time::Instant::now();
    emulator.advance_to_idle();
    println!("4000 digests ended in {:.1} s", started.elapsed().as_secs_f64());
    let contents = contents(&emulator);
    assert_eq!(contents.len(), 4_000);
    assert!(contents.iter().all(|count| count == "2"), "each digest has the two events of its order");
}

#[tokio::test(start_paused = true)]
async fn values_are_compared_as_the_database_compares_them() {
    let merged = async |first: Value, second: Value| {
        let (emulator, client) = emulator();
        for id in [&first, &second] {
            send(&client, json!({ "order": { "id": id } })).await;
        }
        let outcomes: Vec<StepOutcome> = emulator.notifications()[1]
            .steps()
            .map(StepRecord::outcome)
            .filter(|it| *it == StepOutcome::Merged)
            .collect();
        !outcomes.is_empty()
    };
    for (first, second, is_merged) in [
        (json!("1"), json!("1"), true),
        (json!("1"), json!(1), false),
        (json!(0), json!(false), false),
        (json!(null), json!(null), true),
        (json!({ "a": 1, "b": [2] }), json!({ "b": [2], "a": 1 }), true),
        (json!({ "a": 1 }), json!({ "a": 2 }), false),
        // An array has the value of each of its items, but an item does not have that of its array.
        (json!(["x", "y"]), json!("y"), true),
        (json!("y"), json!(["x", "y"]), false),
        (json!(["x", "y"]), json!(["x", "y"]), true),
        (json!([["x"]]), json!(["x"]), true),
        (json!("\",\""), json!("\",\""), true),
    ] {
        assert_eq!(merged(first.clone(), second.clone()).await, is_merged, "{first} and then {second}");
    }
    // A missing value is null.
    let (emulator, client) = emulator();
    send(&client, json!({})).await;
    send(&client, json!({ "order": { "id": null } })).await;
    emulator.advance_to_idle();
    assert_eq!(emulator.messages().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_digest_key_of_a_workflow_counts_for_the_events_before() {
    let emulator = Emulator::new();
    let workflow = json!({
        "_id": "65f000000000000000000001", "active": true, "triggers": [{ "identifier": "flow", "variables": [] }],
        "steps": [
            {
                "active": true, "template": { "type": "digest" },
                "metadata": { "type": "regular", "amount": 1, "unit": "minutes", "digestKey": "order.id" },
            },
            { "active": true, "template": { "type": "in_app", "content": "{{step.total_count}}" } },
        ],
    });
    let mut other_key = workflow.clone();
    other_key["steps"][0]["metadata"]["digestKey"] = json!("shop");
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    for (document, order) in [(workflow, "a"), (other_key, "b")] {
        emulator.workflow_document(document).unwrap();
        send(&client, json!({ "shop": "tea", "order": { "id": order } })).await;
        emulator.advance(Duration::from_secs(1));
    }
    emulator.advance_to_idle();
    // The second event has the same shop as the first one, which waits.
    assert_eq!(emulator.messages().len(), 1);
}
