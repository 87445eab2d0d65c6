//! Prints the messages that the recipients of a workflow read, with their times. The emulator renders them; its clock is moved by hand.
//!
//! ```sh
//! cargo run --example preview
//! ```
//!
//! To preview the workflows of your own account, replace the workflow below by
//! `emulator.load_templates(".teleflow/templates")`, after `cargo teleflow pull --templates`.

use std::error::Error;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Message, SubscriberRecord, Workflow};

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-update")]
struct OrderUpdate<'a> {
    order_id: u32,
    status: &'a str,
}

/// An in-app message at once, an e-mail with the updates of an hour, and a day later an SMS for gold customers.
fn order_update() -> Workflow {
    let is_gold = serde_json::json!({ "on": "subscriber", "field": "data.plan", "operator": "EQUAL", "value": "gold" });
    Workflow::new("order-update")
        .in_app("Order {{order_id}}: {{status}}")
        .digest(60 * MINUTE)
        .email(
            "{{step.total_count}} {{pluralize step.total_count 'update' 'updates'}} of your orders",
            "<p>Hi {{subscriber.firstName}},</p>\
             <ul>{{#each step.events}}<li>order {{order_id}} is {{status}}</li>{{/each}}</ul>",
        )
        .delay(24 * 60 * MINUTE)
        .sms("{{subscriber.firstName}}, how was order {{order_id}}?")
        .when(serde_json::json!([{ "value": "AND", "children": [is_gold] }]))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator
        .workflow(order_update())
        .subscriber(SubscriberRecord::new("ada").first_name("Ada").email("ada@example.com"))
        .subscriber(
            SubscriberRecord::new("grace")
                .first_name("Grace")
                .email("grace@example.com")
                .phone("+4915112345")
                .data("plan", "gold"),
        );
    let client = Client::builder().transport(emulator.clone()).build()?;

    let start = emulator.now();
    OrderUpdate { order_id: 7, status: "packed" }.to(["ada", "grace"]).send(&client).await?;
    emulator.advance(10 * MINUTE);
    OrderUpdate { order_id: 8, status: "delayed" }.to("grace").send(&client).await?;
    emulator.advance(10 * MINUTE);
    OrderUpdate { order_id: 7, status: "on its way" }.to("grace").send(&client).await?;

    emulator.advance_to_idle();
    let messages = emulator.messages();
    for subscriber in ["ada", "grace"] {
        println!("{subscriber} reads");
        for message in messages.iter().filter(|message| message.subscriber_id() == subscriber) {
            print(message, start);
        }
    }
    Ok(())
}

fn print(message: &Message, start: SystemTime) {
    let minutes = message.sent_at().duration_since(start).unwrap_or_default().as_secs() / 60;
    let after = format!("{} h {:02} min", minutes / 60, minutes % 60);
    if let Some(email) = message.email() {
        println!("  after {after:>11}, e-mail to {}: {}", email.to().join(", "), email.subject());
        for line in email.text().lines().filter(|line| !line.trim().is_empty()) {
            println!("                      | {line}");
        }
    } else if let Some(sms) = message.sms() {
        println!("  after {after:>11}, SMS to {}: {}", sms.to(), sms.text());
    } else if let Some(in_app) = message.in_app() {
        println!("  after {after:>11}, in the app: {}", in_app.content());
    }
}
