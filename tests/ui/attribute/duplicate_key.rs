//! The second of two is at fault.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{id}")]
#[teleflow(trigger = "order-sent", transaction_id = "order-{id}")]
struct OrderShipped {
    #[teleflow(to, to)]
    customer: String,
    id: u64,
}

fn main() {}
