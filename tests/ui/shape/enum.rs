//! An enum has a set of variables for each variant.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
enum OrderEvent {
    Shipped { id: u64 },
    Cancelled,
}

fn main() {}
