//! 1 and 23, or 12 and 3?

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{customer}{order}")]
struct OrderShipped {
    customer: u64,
    order: u64,
}

fn main() {}
