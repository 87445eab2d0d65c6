//! A struct with a trigger must derive `TeleflowWorkflow`.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    carrier: String,
}

fn main() {}
