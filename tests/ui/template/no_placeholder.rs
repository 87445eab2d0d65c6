//! A transaction id is there to tell events apart.

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
