//! A key twice: the error points at the second.

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
