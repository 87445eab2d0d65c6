//! The error points at the word before which the comma is missing.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped" transaction_id = "{id}")]
struct OrderShipped {
    #[teleflow(to actor)]
    customer: String,
    id: u64,
}

fn main() {}
