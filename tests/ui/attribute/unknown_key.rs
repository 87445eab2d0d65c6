//! Misspelled keys, keys of other crates, and keys of serde.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(triger = "order-shipped")]
struct OrderShipped {
    #[teleflow(too)]
    customer: String,
    #[teleflow(rename = "number")]
    id: u64,
    #[teleflow(adress)]
    email: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-cancelled", channel = "email")]
struct OrderCancelled {}

fn main() {}
