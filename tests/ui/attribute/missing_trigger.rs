//! A workflow without a trigger identifier.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
struct OrderShipped {
    id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(transaction_id = "order-{id}")]
struct OrderCancelled {
    id: u64,
}

fn main() {}
