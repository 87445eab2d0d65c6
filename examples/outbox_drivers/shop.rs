//! The notification that the examples of all drivers put into the outbox, and the relay that sends it to an emulator.

use std::error::Error;

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Workflow};
use teleflow_outbox::{Relay, Store};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
pub struct OrderShipped<'a> {
    pub order_id: &'a str,
}

/// Sends what is in the queue, and checks that it is the notification of order A-7 alone.
pub async fn relay(store: Store) -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-shipped"));
    let client = Client::builder().transport(emulator.clone()).build()?;
    let relay = Relay::builder(client, store).build()?;
    relay.once().await?;
    let orders: Vec<String> =
        emulator.notifications().iter().map(|sent| sent.payload()["order_id"].to_string()).collect();
    println!("Order A-7 is committed, order A-8 is rolled back. Notified about: {}.", orders.join(", "));
    assert_eq!(orders, ["\"A-7\""]);
    assert_eq!(relay.gauges().await?.queued, 0);
    Ok(())
}
