//! What the test kit shows of sensitive values.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::json;
use teleflow::{Event, TeleflowWorkflow, bulk};
use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};

use super::{CARD, CARD_ADDED, Card, CardAdded};

/// The text with which an assertion fails.
fn failure<T>(assertion: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(assertion()))) else { panic!("the assertion did not fail") };
    *panic.downcast::<String>().expect("a text")
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "cards")]
struct Cards<'a> {
    cards: Vec<Card<'a>>,
}

#[tokio::test]
async fn a_failure_says_that_sensitive_values_differ_and_does_not_show_them() {
    let emulator = Emulator::new().accept_unknown_workflows();
    CARD_ADDED.to("ada").send(&emulator.client()).await.unwrap();
    let other = CardAdded { holder: "Eve", card_number: "5000-9999", pin: None };
    assert_eq!(
        failure(|| emulator.assert_sent(other.to("ada"))),
        r#"the expected event was not sent

expected:
  card-added to "ada": {"holder":"Eve","cardNumber":"[redacted]"}
differences to event 1, the nearest:
  payload.holder: expected "Eve", sent "Ada"
  payload.secret/pin: not expected, sent "[redacted]"
  payload.cardNumber: the values differ, and are sensitive

1 event was sent:
  1. card-added to "ada": {"holder":"Ada","cardNumber":"[redacted]","secret/pin":"[redacted]"}"#,
    );
    // An event is still found by its sensitive values.
    emulator.assert_sent(CARD_ADDED.to("ada"));
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn values_that_are_sensitive_only_on_one_side_are_not_shown() {
    let emulator = Emulator::new().accept_unknown_workflows();
    let other = Card { number: "5000-9999", ..CARD };
    let untyped = Event::untyped("cards", json!({"cards": [{"holder": "Ada", "number": 1}]}));
    let bulk = bulk![Cards { cards: vec![CARD, CARD] }.to("ada"), untyped.to("ben")];
    assert!(bulk.send(&emulator.client()).await.all_queued());
    let text = failure(|| emulator.assert_sent(Cards { cards: vec![CARD, other] }.to("ada")));
    let [_, differences] = text.split("the nearest:\n").collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert_eq!(differences.lines().next(), Some("  payload.cards[1].number: the values differ, and are sensitive"));
    assert!(!text.contains("-1234") && !text.contains("-9999"), "{text}");

    let untyped = json!({"cards": [{"holder": "Ada", "number": "other"}, {"holder": "Ada", "number": "4000-1234"}]});
    let text = failure(|| emulator.assert_sent(Event::untyped("cards", untyped).to("ada")));
    assert!(text.contains("  payload.cards[0].number: the values differ, and are sensitive\n"), "{text}");
    assert!(!text.contains("sent \"4000-1234\""), "{text}");
}

#[tokio::test]
async fn lists_of_events_and_debug_output_are_redacted() {
    let emulator = Emulator::new().accept_unknown_workflows();
    let bulk = bulk![CARD_ADDED.to("ada"), Cards { cards: vec![CARD] }.to("ada")];
    assert!(bulk.send(&emulator.client()).await.all_queued());
    for text in [
        failure(|| emulator.assert_nothing_else()),
        failure(|| emulator.assert_nothing_sent()),
        failure(|| emulator.assert_not_sent::<Cards<'_>>()),
        failure(|| drop(emulator.check_on_drop())),
        emulator.transcript(),
        format!("{:?} {:#?}", emulator.sent_events(), emulator.sent_events()),
    ] {
        assert!(text.contains("[redacted]") && text.contains("Ada"), "{text}");
        assert!(!text.contains("4000-1234") && !text.contains("4711"), "{text}");
    }
    // A test can read the value.
    assert_eq!(emulator.sent::<CardAdded<'_>>()[0].payload()["cardNumber"], "4000-1234");
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "sign-in")]
struct SignIn<'a> {
    #[teleflow(sensitive)]
    code: &'a str,
    #[teleflow(sensitive)]
    digits: u32,
    #[teleflow(sensitive)]
    short: u8,
}

#[tokio::test]
async fn messages_are_shown_without_the_sensitive_texts_in_them() {
    let emulator = Emulator::new();
    emulator
        .workflow(
            Workflow::new("sign-in")
                .email(
                    "Your code is {{code}}",
                    "<p>{{code}}, {{{code}}} or {{digits}}</p><p>{{short}} {{uppercase code}}</p>",
                )
                .sms("{{code}}")
                .sms("{{digits}}"),
        )
        .subscriber(SubscriberRecord::new("ada").email("ada@example.com").phone("+491"));
    SignIn { code: "ab'\"cd", digits: 271_828, short: 42 }.to("ada").send(&emulator.client()).await.unwrap();

    // Short values, and values that a template changes, remain.
    assert_eq!(
        emulator.transcript(),
        r#"requests
  [now] POST /v1/events/trigger: 201
    [transaction 1] sign-in to "ada": {"code":"[redacted]","digits":"[redacted]","short":"[redacted]"}

notifications
  [transaction 1] sign-in, "ada": email sent, sms sent, sms sent

messages
  [now] to "ada" (workflow `sign-in`, step `email`)
    e-mail to ada@example.com: Your code is [redacted]
    | [redacted], [redacted] or [redacted]
    | 42 AB'"CD
  [now] to "ada" (workflow `sign-in`, step `sms`)
    SMS to +491: [redacted]
  [now] to "ada" (workflow `sign-in`, step `sms`)
    SMS to +491: [redacted]
"#,
    );
    let messages = emulator.messages_to("ada");
    for text in [failure(|| messages.sms()), failure(|| messages.push()), format!("{messages:?} {messages:#?}")] {
        assert!(text.contains(r#"SMS "[redacted]""#) && text.contains(r#"e-mail "Your code is [redacted]""#), "{text}");
        assert!(!text.contains("cd") && !text.contains("271828"), "{text}");
    }
    // A test can read the text.
    assert_eq!(messages.iter().nth(2).and_then(|message| message.sms()).map(|sms| sms.text()), Some("271828"));
}

/// Each backslash may be one, or the half of an escaped one.
#[tokio::test]
async fn a_text_that_may_be_escaped_in_many_ways_is_redacted_in_time() {
    let emulator = Emulator::new();
    let workflow = Workflow::new("sign-in").sms("{{{code}}}{{{code}}}.");
    emulator.workflow(workflow).subscriber(SubscriberRecord::new("ada").phone("+491"));
    let code = "\\".repeat(64);
    SignIn { code: &code, digits: 271_828, short: 42 }.to("ada").send(&emulator.client()).await.unwrap();
    let transcript = emulator.transcript();
    assert!(transcript.contains("SMS to +491: [redacted].\n"), "{transcript}");
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "account")]
struct Account {
    #[teleflow(sensitive)]
    value: serde_json::Value,
}

#[tokio::test]
async fn a_message_does_not_show_a_sensitive_value_in_another_form() {
    for value in [
        json!(50_000.0),
        json!(1.5e20),
        json!("DE 4711  0815"),
        json!(" 0815 "),
        json!("08\n15"),
        json!("08\u{a0}15"),
        json!("47<b>11</b>"),
        json!("<p>4711</p><p>0815</p>"),
        json!("47&amp;11"),
    ] {
        let emulator = Emulator::new();
        let html = "<p>A {{value}} Z</p><p>A {{{value}}} Z</p>";
        emulator
            .workflow(Workflow::new("account").email("A {{value}}", html).in_app("A {{value}} Z"))
            .subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
        Account { value: value.clone() }.to("ada").send(&emulator.client()).await.unwrap();
        let (transcript, list) = (emulator.transcript(), format!("{:?}", emulator.messages_to("ada")));
        for shown in transcript.split_once("messages\n").into_iter().map(|(_, shown)| shown).chain([list.as_str()]) {
            assert!(shown.contains("A [redacted]") || shown.contains("A[redacted]"), "{value}: {shown}");
            assert!(
                !["50000", "15000", "4711", "47&11", "08"].iter().any(|text| shown.contains(text)),
                "{value}: {shown}"
            );
        }
    }
}

#[tokio::test]
async fn a_retry_that_marks_a_value_makes_it_sensitive() {
    let emulator = Emulator::new();
    let untyped = Event::untyped("sign-in", json!({"code": "4711-0815", "digits": 1, "short": 2}));
    untyped.to("ada").transaction_id("t").send(&emulator.client()).await.unwrap_err();
    emulator.workflow(Workflow::new("sign-in"));
    let marked = SignIn { code: "4711-0815", digits: 1, short: 2 };
    marked.to("ada").transaction_id("t").send(&emulator.client()).await.unwrap();
    let text = failure(|| emulator.assert_nothing_else());
    assert!(text.contains("[redacted]") && !text.contains("4711"), "{text}");
}
