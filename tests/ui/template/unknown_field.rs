//! Field names that are misspelled, or written as serde renames them.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{oder_id}")]
#[serde(rename_all = "camelCase")]
struct Misspelt {
    order_id: u64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{0} {}")]
struct Positions {
    order_id: u64,
    carrier: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{order_id}")]
struct NoFields {}

fn main() {}
