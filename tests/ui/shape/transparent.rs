//! serde sends the field's value instead of the object.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(transparent)]
struct OrderShipped {
    order: Order,
}

#[derive(Serialize)]
struct Order {
    id: u64,
}

fn main() {}
