//! An event without a recipient.

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {}

fn main() {}

fn uses(client: &Client) {
    let _ = OrderShipped {}.send(client);
}
