//! An `Option` is not a recipient.

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {}

fn main() {}

fn uses(client: &Client, customer: Option<&str>) {
    let _ = OrderShipped {}.to(customer).send(client);
}
