//! A template without a field gives every event the same id.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order")]
struct OrderShipped {
    id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{{id}}")]
struct Escaped {
    id: u64,
}

fn main() {}
