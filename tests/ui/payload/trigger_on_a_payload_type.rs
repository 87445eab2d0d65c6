//! A trigger makes a workflow's payload of it, which derives `TeleflowWorkflow`.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    carrier: String,
}

fn main() {}
