//! Each variant would be a workflow of its own.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
enum OrderEvent {
    Shipped { id: u64 },
    Cancelled,
}

fn main() {}
