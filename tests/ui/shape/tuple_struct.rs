//! Fields without names.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped(u64, String);

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{id}")]
struct Newtype(Order);

#[derive(Serialize)]
struct Order {
    id: u64,
}

fn main() {}
