//! The workflows of the example `checked`, as the README serves them.

use serde_json::json;
use teleflow::{Client, Event};
use teleflow_emulator::{Emulator, MessageStatus, Seeds, SubscriberRecord};

#[tokio::test]
async fn every_message_is_rendered() {
    let seeds = include_str!("../../../examples/checked/workflows.json");
    let emulator = Emulator::from_seeds(Seeds::from_json(seeds).unwrap());
    for id in ["ada", "grace"] {
        emulator.subscriber(SubscriberRecord::new(id).email(format!("{id}@example.com")));
    }
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let payload = json!({ "order": { "id": 7 }, "carrier": "UPS", "items": [{ "quantity": 2, "sku": "tea" }] });
    Event::untyped("order-shipped", payload).to("ada").send(&client).await.unwrap();
    Event::untyped("comment-reply", json!({ "comment": "Yes!" })).to("ada").actor("grace").send(&client).await.unwrap();

    emulator.advance_to_idle();
    let messages = emulator.messages();
    let statuses: Vec<_> = messages.iter().map(|message| (message.trigger(), message.status())).collect();
    let sent = MessageStatus::Sent;
    assert_eq!(statuses, [("order-shipped", sent), ("order-shipped", sent), ("comment-reply", sent)]);
    let email = messages.iter().find_map(|message| message.email()).unwrap();
    assert_eq!((email.subject(), email.text().trim()), ("Order 7 is on its way", "2 x tea"));
}
