//! Keys of the struct on a field, and keys of a field on the struct.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(to)]
struct OrderShipped {
    #[teleflow(trigger = "order-shipped")]
    customer: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-cancelled", address)]
struct OrderCancelled {
    email: String,
}

fn main() {}
