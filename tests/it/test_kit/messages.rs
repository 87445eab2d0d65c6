//! The messages of one subscriber, and the texts of failed assertions over them.

use std::time::Duration;

use serde_json::json;
use teleflow::Event;
use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};

use super::failure;

async fn shop() -> Emulator {
    let emulator = Emulator::new();
    emulator
        .workflow(
            Workflow::new("order")
                .in_app("Order {{id}}")
                .sms("Order {{id}} is on its way, {{subscriber.firstName}}.")
                .delay(Duration::from_secs(3600))
                .email("How was order {{id}}?", "<p>Rate {{item}}.</p>"),
        )
        .subscriber(SubscriberRecord::new("ada").email("ada@example.com").phone("+4915112345").first_name("Ada"))
        .subscriber("ben");
    let event = Event::untyped("order", json!({ "id": 7 })).to(["ada", "ben"]);
    event.send(&emulator.client()).await.unwrap();
    emulator
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_reads_a_message_of_each_channel() {
    let emulator = shop().await;
    let ada = emulator.messages_to("ada");
    assert_eq!(ada.in_app().content(), "Order 7");
    assert_eq!(ada.sms().text(), "Order 7 is on its way, Ada.");
    assert_eq!((ada.len(), ada.is_empty()), (2, false));
    emulator.advance_to_idle();
    assert_eq!(emulator.messages_to("ada").email().subject(), "How was order 7?");
    assert_eq!((&emulator.messages_to("ada")).into_iter().count(), 3);
    assert!(emulator.messages_to("ada").of_trigger("other").is_empty());
    assert_eq!(
        emulator.messages_to("ada").into_iter().map(|message| message.step_index()).collect::<Vec<_>>(),
        [0, 1, 3]
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_message_is_explained() {
    let emulator = shop().await;
    assert_eq!(
        failure(|| emulator.messages_to("ben").sms()),
        "no SMS was sent to `ben`

1 message was sent:
  1. in-app message \"Order 7\" (workflow `order`, step `in_app`)
not sent: workflow `order`, step `sms`: Subscriber does not have active phone
some steps wait for a delay or a digest; move the clock with `advance` or `advance_to_idle`",
    );
    assert!(
        failure(|| emulator.messages_to("eve").email())
            .starts_with(
                "no e-mail was sent to `eve`\n\nno messages were sent to this subscriber\nsubscribers with messages: `ada`, `ben`\n"
            )
    );
    for (text, channel) in [
        (failure(|| emulator.messages_to("ada").push()), "push message"),
        (failure(|| emulator.messages_to("ada").chat()), "chat message"),
        (failure(|| emulator.messages_to("eve").in_app()), "in-app message"),
    ] {
        assert!(text.starts_with(&format!("no {channel} was sent to `")), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_several_messages_one_must_be_selected() {
    let emulator = shop().await;
    Event::untyped("order", json!({ "id": 8 })).to("ada").send(&emulator.client()).await.unwrap();
    assert_eq!(
        failure(|| emulator.messages_to("ada").in_app()),
        "2 messages to `ada` are of this kind: in-app message; select one with `of_trigger` or `iter`

4 messages were sent:
  1. in-app message \"Order 7\" (workflow `order`, step `in_app`)
  2. SMS \"Order 7 is on its way, Ada.\" (workflow `order`, step `sms`)
  3. in-app message \"Order 8\" (workflow `order`, step `in_app`)
  4. SMS \"Order 8 is on its way, Ada.\" (workflow `order`, step `sms`)
some steps wait for a delay or a digest; move the clock with `advance` or `advance_to_idle`",
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_variable_is_named_with_its_template_and_step() {
    let emulator = shop().await;
    emulator.advance_to_idle();
    assert_eq!(
        failure(|| emulator.assert_no_missing_variables()),
        "the payload and the subscriber lack these variables, so templates print nothing for them:
  workflow `order`, step `sms`: template `content` prints `subscriber.firstName`
  workflow `order`, step `email`: template `content` prints `item`",
    );
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order").in_app("Order {{id}}"));
    Event::untyped("order", json!({ "id": 7 })).to("ada").send(&emulator.client()).await.unwrap();
    emulator.assert_no_missing_variables();
}

#[tokio::test]
async fn a_workflow_without_templates_is_named() {
    let emulator = Emulator::new().accept_unknown_workflows();
    Event::untyped("welcome", json!({})).to("ada").send(&emulator.client()).await.unwrap();
    assert_eq!(
        failure(|| emulator.messages_to("ada").email()),
        "no e-mail was sent to `ada`

1 message was sent:
  1. in-app message \"\" (workflow `welcome`, step `in_app`)
if workflow `welcome` has no templates here, add them with `Emulator::workflow` or `Emulator::load_templates`",
    );
}

#[tokio::test]
async fn variables_are_not_reported_as_present_if_no_template_was_rendered() {
    let nothing_checked = "no message has any content, so no variable was checked; \
                           add templates with `Emulator::workflow` or `Emulator::load_templates`";
    let emulator = Emulator::new().accept_unknown_workflows();
    assert_eq!(failure(|| emulator.assert_no_missing_variables()), nothing_checked);
    Event::untyped("welcome", json!({})).to("ada").send(&emulator.client()).await.unwrap();
    assert_eq!(failure(|| emulator.assert_no_missing_variables()), nothing_checked);
    emulator.workflow(Workflow::new("order").in_app("Order"));
    Event::untyped("order", json!({})).to("ada").send(&emulator.client()).await.unwrap();
    emulator.assert_no_missing_variables();
}

#[tokio::test]
async fn a_variable_that_is_null_or_empty_is_not_missing() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order").in_app("Order {{id}} {{note}}"));
    Event::untyped("order", json!({ "id": null, "note": "" })).to("ada").send(&emulator.client()).await.unwrap();
    emulator.assert_no_missing_variables();
    assert_eq!(emulator.messages_to("ada").in_app().content(), "Order  ");
}

#[tokio::test]
async fn steps_without_a_message_are_listed_with_the_reason() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("alert").push("An alert", "{{text}}").chat("{{text}}").in_app("{{text}}"));
    let event = Event::untyped("alert", json!({ "text": "Fire" })).to("ada");
    event.send(&emulator.client()).await.unwrap();
    assert_eq!(
        failure(|| emulator.messages_to("ada").push()),
        "no push message was sent to `ada`

1 message was sent:
  1. in-app message \"Fire\" (workflow `alert`, step `in_app`)
not sent: workflow `alert`, step `push`: Subscriber does not have a configured channel
not sent: workflow `alert`, step `chat`: without address",
    );
}
