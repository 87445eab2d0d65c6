//! Assertions over the events that were sent, and the texts of their failures.

use serde_json::json;
use teleflow::{Bulk, Event, Overrides, Recipients, Subscriber, TeleflowWorkflow, Topic, TransactionId, bulk};
use teleflow_emulator::Emulator;

use super::{BY_DHL, BY_UPS, Invoice, OrderShipped, emulator, failure};

#[tokio::test(start_paused = true)]
async fn an_event_is_found_by_its_value() {
    let emulator = emulator();
    BY_UPS.to("ada").actor("ben").tenant("hats").send(&emulator.client()).await.unwrap();
    let sent = emulator.assert_sent(BY_UPS.to("ada"));
    assert_eq!(sent.trigger(), "order-shipped");
    assert_eq!(sent.payload(), &json!({ "order_id": "A-7", "carrier": "UPS" }));
    assert_eq!(sent.to(), Some(&json!("ada")));
    assert_eq!(sent.actor(), Some(&json!({ "subscriberId": "ben" })));
    assert_eq!(sent.tenant(), Some(&json!({ "identifier": "hats" })));
    assert_eq!(sent.overrides(), None);
    assert_eq!((sent.endpoint(), sent.attempts()), ("/v1/events/trigger", 1));
    assert_eq!(sent.transaction_id().len(), 36);
    emulator.assert_sent(BY_UPS.to("ada").actor("ben").tenant("hats"));
    emulator.assert_sent_times(1, BY_UPS.to("ada"));
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn the_nearest_event_is_shown_with_its_differences() {
    let emulator = emulator();
    let client = emulator.client();
    Event::untyped("welcome", json!({})).to(["ada", "ben"]).send(&client).await.unwrap();
    BY_DHL.to("ada").actor("ben").send(&client).await.unwrap();
    OrderShipped { order_id: "B-1", carrier: "DHL" }.to("eve").send(&client).await.unwrap();
    assert_eq!(
        failure(|| emulator.assert_sent(BY_UPS.to("ada").tenant("hats"))),
        r#"the expected event was not sent

expected:
  order-shipped to "ada": {"order_id":"A-7","carrier":"UPS"}, tenant "hats"
differences to event 2, the nearest:
  payload.carrier: expected "UPS", sent "DHL"
  tenant: expected {"identifier":"hats"}, not sent

3 events were sent:
  1. welcome to "ada", "ben": {}
  2. order-shipped to "ada": {"order_id":"A-7","carrier":"DHL"}, actor "ben"
  3. order-shipped to "eve": {"order_id":"B-1","carrier":"DHL"}"#,
    );
}

#[tokio::test]
async fn each_kind_of_difference_has_its_line() {
    let emulator = emulator();
    let sent = json!({ "items": [{ "price": 3 }, 7], "note": "x" });
    let event = Event::untyped("order", sent).to(Topic::new("staff")).actor("ben").tenant("hats");
    event.overrides(Overrides::new().layout("plain")).send(&emulator.client()).await.unwrap();
    let expected = Event::untyped("order", json!({ "items": [{ "price": 4 }], "total": 1 })).to(["ada", "ben"]);
    let expected = expected.actor("eve").tenant("caps").overrides(Overrides::new().layout("fancy"));
    let text = failure(|| emulator.assert_sent(expected.transaction_id("mine")));
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(": ") && line.contains("expected")).collect();
    let id = emulator.sent_events()[0].transaction_id().to_owned();
    assert_eq!(
        lines,
        [
            r#"  to: expected "ada", "ben", sent to topic "staff""#,
            "  payload.items[0].price: expected 4, sent 3",
            "  payload.items[1]: not expected, sent 7",
            "  payload.total: expected 1, not sent",
            r#"  payload.note: not expected, sent "x""#,
            r#"  actor: expected "eve", sent "ben""#,
            r#"  tenant: expected "caps", sent "hats""#,
            r#"  overrides.layoutIdentifier: expected "fancy", sent "plain""#,
            &format!(r#"  transaction id: expected "mine", sent "{id}""#),
        ],
    );
}

#[test]
fn without_any_event_the_text_says_so() {
    assert_eq!(
        failure(|| Emulator::new().assert_sent(BY_UPS.broadcast())),
        r#"the expected event was not sent

expected:
  order-shipped to every subscriber: {"order_id":"A-7","carrier":"UPS"}
no event of workflow `order-shipped` was sent

no events were sent"#,
    );
}

#[test]
fn an_expected_event_must_be_valid() {
    let nobody: [&str; 0] = [];
    let text = failure(|| Emulator::new().assert_sent(BY_UPS.to(nobody)));
    assert!(text.starts_with("the expected event is invalid, so it cannot be sent: "), "{text}");
    assert!(text.contains("the list of recipients is empty"), "{text}");
}

#[tokio::test]
async fn a_recipient_is_named_by_its_id_and_in_any_order() {
    let emulator = emulator();
    let mut recipients = Recipients::new();
    recipients.push(Subscriber::new("ada").email("ada@example.com"));
    recipients.push("ben");
    BY_UPS.to(recipients).send(&emulator.client()).await.unwrap();
    emulator.assert_sent(BY_UPS.to(["ben", "ada"]));
    for wrong in [vec!["ada"], vec!["ada", "ada"], vec!["ada", "ben", "eve"]] {
        assert!(
            failure(|| emulator.assert_sent(BY_UPS.to(wrong))).contains(r#"sent to {"subscriberId":"ada","email":"#)
        );
    }
    let other = Subscriber::new("ada").email("other@example.com");
    assert!(failure(|| emulator.assert_sent(BY_UPS.to(vec![other, Subscriber::new("ben")]))).contains("to: expected"));
}

#[tokio::test]
async fn a_transaction_id_counts_only_if_it_is_chosen() {
    let emulator = emulator();
    let client = emulator.client();
    BY_UPS.to("ada").transaction_id("order-A-7").send(&client).await.unwrap();
    emulator.assert_sent(BY_UPS.to("ada"));
    emulator.assert_sent(BY_UPS.to("ada").transaction_id("order-A-7"));
    let text = failure(|| emulator.assert_sent(BY_UPS.to("ada").transaction_id(TransactionId::random())));
    assert!(text.contains("\n  transaction id: expected \""), "{text}");

    let invoice = || Invoice { number: 7, customer: "ada" };
    invoice().event().tenant("hats").send(&client).await.unwrap();
    // The id depends on the tenant, which is not compared if the test sets none.
    emulator.assert_sent(invoice().event());
    emulator.assert_sent(invoice().event().tenant("hats"));
    let other = || Invoice { number: 8, customer: "ada" };
    other().event().transaction_id("other").send(&client).await.unwrap();
    let text = failure(|| emulator.assert_sent(other().event()));
    assert!(text.contains("transaction id: expected"), "{text}");
}

#[tokio::test]
async fn events_of_bulks_fan_outs_and_broadcasts_count() {
    let emulator = emulator();
    let client = emulator.client();
    assert!(bulk![BY_UPS.to("ada"), BY_DHL.to("ben")].send(&client).await.errors().next().is_none());
    let mut results = client.fan_out([BY_UPS.to("eve"), BY_UPS.to("ada")]);
    while let Some((_, result)) = results.next().await {
        result.unwrap();
    }
    BY_UPS.broadcast().send(&client).await.unwrap();
    assert_eq!(emulator.assert_sent(BY_DHL.to("ben")).endpoint(), "/v1/events/trigger/bulk");
    assert_eq!(emulator.assert_sent(BY_UPS.broadcast()).endpoint(), "/v1/events/trigger/broadcast");
    emulator.assert_sent_times(2, BY_UPS.to("ada"));
    assert_eq!(
        failure(|| emulator.assert_nothing_else()),
        r#"1 of 5 events that was sent was not asserted:
  1. order-shipped to "eve": {"order_id":"A-7","carrier":"UPS"}"#,
    );
    assert_eq!(emulator.sent::<OrderShipped<'_>>().len(), 5);
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn one_assertion_is_for_one_of_several_equal_events() {
    let emulator = emulator();
    for _ in 0..2 {
        BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    }
    emulator.assert_sent(BY_UPS.to("ada"));
    assert!(failure(|| emulator.assert_nothing_else()).starts_with("1 of 2 events"));
    emulator.assert_sent(BY_UPS.to("ada"));
    emulator.assert_nothing_else();
    let text = failure(|| emulator.assert_sent_times(1, BY_UPS.to("ada")));
    assert!(text.starts_with("the event should have been sent once, but was sent twice\n"), "{text}");
    let text = failure(|| emulator.assert_sent_times(0, BY_UPS.to("ada")));
    assert!(text.starts_with("the event should not have been sent, but was sent twice\n"), "{text}");
    let text = failure(|| emulator.assert_sent_times(3, BY_DHL.to("ada")));
    assert!(text.starts_with("the event should have been sent 3 times, but was not sent\n"), "{text}");
    assert!(text.contains("\n  payload.carrier: expected \"DHL\", sent \"UPS\"\n"), "{text}");
}

#[tokio::test]
async fn workflows_and_triggers_that_were_not_sent() {
    let emulator = emulator();
    emulator.assert_nothing_sent();
    emulator.assert_nothing_else();
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    emulator.assert_not_sent::<Invoice>();
    emulator.assert_trigger_not_sent("invoice");
    let list = "1 event was sent:\n  1. order-shipped to \"ada\": {\"order_id\":\"A-7\",\"carrier\":\"UPS\"}";
    let not_sent = format!("no event of workflow `order-shipped` should have been sent, but 1 was\n\n{list}");
    assert_eq!(failure(|| emulator.assert_not_sent::<OrderShipped<'_>>()), not_sent);
    assert_eq!(failure(|| emulator.assert_trigger_not_sent("order-shipped")), not_sent);
    assert_eq!(failure(|| emulator.assert_nothing_sent()), format!("no events should have been sent\n\n{list}"));
}

#[tokio::test]
async fn long_values_and_long_lists_are_shortened() {
    let emulator = emulator();
    let text = "x".repeat(2000);
    Event::untyped("note", json!({ "text": text })).to("ada").send(&emulator.client()).await.unwrap();
    let numbers: Vec<u32> = (0..30).collect();
    let text = failure(|| {
        emulator.assert_sent(Event::untyped("note", json!({ "numbers": numbers, "text": numbers })).to("ada"))
    });
    assert!(text.lines().all(|line| line.chars().count() < 500), "{text}");
    Event::untyped("list", json!({ "list": numbers })).to("ada").send(&emulator.client()).await.unwrap();
    let other: Vec<u32> = (1..31).collect();
    let text = failure(|| emulator.assert_sent(Event::untyped("list", json!({ "list": other })).to("ada")));
    assert!(text.contains("\n  and 18 more\n"), "{text}");
}

#[tokio::test]
async fn emulators_of_parallel_tests_share_nothing() {
    let (one, other) = (emulator(), emulator());
    let bulk: Bulk = [BY_UPS.to("ada")].into_iter().collect();
    assert!(bulk.send(&one.client()).await.into_result().is_ok());
    one.assert_sent(BY_UPS.to("ada"));
    other.assert_nothing_sent();
}

#[tokio::test]
async fn a_failure_lists_the_last_events_only() {
    let emulator = emulator();
    let events: Vec<_> = (0..120).map(|n| Event::untyped("order", json!({ "n": n })).to("ada")).collect();
    assert!(events.into_iter().collect::<Bulk>().send(&emulator.client()).await.all_queued());
    let expected = || Event::untyped("order", json!({ "n": 7 })).to("ben");
    for text in [
        failure(|| emulator.assert_sent(expected())),
        failure(|| emulator.assert_nothing_else()),
        failure(|| emulator.assert_nothing_sent()),
    ] {
        let lines: Vec<&str> = text.lines().collect();
        let [list @ .., last] = &lines[lines.len() - 51..] else { panic!("{text}") };
        assert_eq!(
            (list[0], list[1]),
            ("  … and 70 more before these:", r#"  71. order to "ada": {"n":70}"#),
            "{text}"
        );
        assert_eq!(*last, r#"  120. order to "ada": {"n":119}"#, "{text}");
        assert!(lines.len() < 60, "{text}");
    }
    let text = failure(|| emulator.assert_sent(expected()));
    assert!(text.contains("differences to event 8, the nearest:\n  to: expected"), "{text}");
}

#[tokio::test]
async fn thousands_of_recipients_are_compared_in_time() {
    let emulator = emulator();
    let client = emulator.client();
    let ids: Vec<String> = (0..5000).map(|n| format!("subscriber-{n}")).collect();
    BY_UPS.to(ids.iter().map(String::as_str).collect::<Recipients>()).send(&client).await.unwrap();
    let others: Vec<_> = (0..1000).map(|_| BY_UPS.to("ada")).collect();
    assert!(others.into_iter().collect::<Bulk>().send(&client).await.all_queued());
    let start = std::time::Instant::now();
    emulator.assert_sent(BY_UPS.to(ids.iter().rev().map(String::as_str).collect::<Recipients>()));
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}

/// An id alone does not take the place of an object with this id.
#[tokio::test]
async fn recipients_are_compared_in_any_order() {
    let emulator = emulator();
    let with_email = || Subscriber::new("ada").email("ada@example.com");
    BY_UPS.to([with_email(), "ada".into()]).send(&emulator.client()).await.unwrap();
    emulator.assert_sent(BY_UPS.to([Subscriber::new("ada"), with_email()]));
    emulator.assert_sent(BY_UPS.to(["ada", "ada"]));
    failure(|| emulator.assert_sent(BY_UPS.to([with_email(), with_email()])));
    failure(|| emulator.assert_sent(BY_UPS.to(["ada", "ben"])));
    failure(|| emulator.assert_sent(BY_UPS.to(["ada", "ada", "ada"])));
}
