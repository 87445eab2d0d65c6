//! The transcript is the same on every run, and complete.

use std::time::Duration;

use serde_json::json;
use teleflow::{Event, RetryPolicy, bulk};
use teleflow_emulator::{Emulator, Fault, Subscriber, Workflow};

const HOUR: Duration = Duration::from_secs(3600);

async fn transcript() -> String {
    let emulator = Emulator::new();
    emulator
        .workflow(
            Workflow::new("order")
                .in_app("Order {{id}}")
                .delay(2 * HOUR)
                .email("Order {{id}}", "<p>Hi {{subscriber.firstName}}!</p><p>Order {{id}}</p>"),
        )
        .workflow(Workflow::new("welcome").sms("Welcome! Your code is {{code}}."))
        .subscriber(Subscriber::new("ada").email("ada@example.com"));
    let client = emulator.client_builder().retry(RetryPolicy::none()).build().unwrap();
    let receipt = Event::untyped("order", json!({ "id": 7 })).to("ada").send(&client).await.unwrap();
    emulator.advance(HOUR + Duration::from_secs(90));
    let id = receipt.transaction_id().as_str();
    let unknown = Event::untyped("unknown", json!({})).to("ada");
    let _ = bulk![Event::untyped("welcome", json!({ "code": id })).to("ada").transaction_id("w"), unknown]
        .send(&client)
        .await;
    emulator.fail_next(Fault::CloseBefore);
    Event::untyped("welcome", json!({})).to("ben").send(&client).await.unwrap_err();
    let _ = client.cancel(&"w".into()).await.unwrap();
    emulator.advance(24 * HOUR);
    emulator.transcript()
}

#[tokio::test]
async fn a_transcript_has_requests_notifications_and_messages() {
    let transcript = transcript().await;
    assert_eq!(
        transcript,
        r#"requests
  [now] POST /v1/events/trigger: 201
    [transaction 1] order to "ada": {"id":7}
  [now + 1 h 1 min 30 s] POST /v1/events/trigger/bulk: 201
    [transaction 2] welcome to "ada": {"code":"[transaction 1]"}
    [transaction 3] unknown to "ada": {} (refused: workflow_not_found)
  [now + 1 h 1 min 30 s] POST /v1/events/trigger: not received by the server
    [transaction 4] welcome to "ben": {}
  [now + 1 h 1 min 30 s] DELETE /v1/events/trigger/[transaction 2]: 200

notifications
  [transaction 1] order, "ada": in_app completed, delay completed, email completed
  [transaction 2] welcome, "ada": sms completed

messages
  [now] to "ada" (workflow `order`, step `in_app`)
    in-app message: Order 7
  [now + 1 h 1 min 30 s] to "ada" (workflow `welcome`, step `sms`)
    SMS to : Welcome! Your code is [transaction 1].
    not sent: Subscriber does not have active phone
  [now + 2 h] to "ada" (workflow `order`, step `email`)
    e-mail to ada@example.com: Order 7
    | Hi !
    | Order 7
    missing: `subscriber.firstName` in template `content`
"#,
    );
}

#[tokio::test]
async fn a_transcript_is_the_same_on_every_run() {
    let first = transcript().await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(transcript().await, first);
}
