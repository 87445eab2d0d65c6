//! The transcript is the same on every run, and complete.

use std::time::Duration;

use serde_json::json;
use teleflow::{Event, RetryPolicy, Subscriber, bulk};
use teleflow_emulator::{Emulator, Fault, SubscriberRecord, Workflow};

use super::failure;

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
        .subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
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
  [transaction 1] order, "ada": in_app sent, delay completed, email sent
  [transaction 2] welcome, "ada": sms without address

messages
  [now] to "ada" (workflow `order`, step `in_app`)
    in-app message: Order 7
  [now + 1 h 1 min 30 s] to "ada" (workflow `welcome`, step `sms`)
    SMS to no address: Welcome! Your code is [transaction 1].
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

#[tokio::test]
async fn characters_that_steer_a_terminal_are_escaped_in_transcripts_failures_and_lists() {
    const EVIL: &str = "\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{200b}";
    let emulator = Emulator::new();
    let workflow = Workflow::new("order").email("{{evil}}", "<p>{{evil}}</p>").sms("1\n{{evil}}\n3").in_app("{{evil}}");
    emulator.workflow(workflow).workflow(Workflow::new("missing").in_app(format!("{{{{a.[{EVIL}]}}}}")));
    let ada = Subscriber::new(format!("ada{EVIL}")).email("ada@example.com").phone("+491");
    let client = emulator.client_builder().retry(RetryPolicy::none()).build().unwrap();
    Event::untyped("order", json!({ "evil": EVIL })).to(ada).tenant("hats").send(&client).await.unwrap_err();
    emulator.tenant("hats");
    let ada = || Subscriber::new(format!("ada{EVIL}")).email("ada@example.com").phone("+491");
    Event::untyped("order", json!({ "evil": EVIL })).to(ada()).actor(format!("ben{EVIL}")).send(&client).await.unwrap();
    Event::untyped("missing", json!({})).to("eve").send(&client).await.unwrap();
    Event::untyped(format!("unknown{EVIL}"), json!({})).to("eve").send(&client).await.unwrap_err();
    let messages = emulator.messages_to(&format!("ada{EVIL}"));
    let texts = [
        emulator.transcript(),
        failure(|| emulator.assert_sent(Event::untyped("order", json!({ "evil": "x" })).to("ben"))),
        failure(|| emulator.assert_nothing_sent()),
        failure(|| emulator.assert_nothing_else()),
        failure(|| emulator.assert_trigger_not_sent("order")),
        failure(|| messages.push()),
        failure(|| emulator.messages_to(&format!("nobody{EVIL}")).email()),
        failure(|| emulator.assert_no_missing_variables()),
        format!("{messages:?}"),
        format!("{:?}", emulator.sent_events()),
    ];
    for text in texts {
        let steers = |letter: &char| *letter != '\n' && (letter.is_control() || "\u{202e}\u{200b}".contains(*letter));
        assert_eq!(text.chars().find(steers), None, "{text:?}");
        assert!(text.contains("\\u{202e}"), "{text}");
    }
    let transcript = emulator.transcript();
    assert!(transcript.contains("    SMS to +491: 1\n    | \\u{1b}[2J"), "{transcript}");
}
