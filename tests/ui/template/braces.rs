//! Braces that are open or stray, or contain more than a name.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{id")]
struct Open {
    id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{order-{id}")]
struct OpenTwice {
    id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{id}}")]
struct Stray {
    id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{id:05}")]
struct Format {
    id: u64,
}

fn main() {}
