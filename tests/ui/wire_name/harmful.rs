//! What the server chokes on, or throws away.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    constructor: String,
    #[serde(rename = "__proto__")]
    prototype: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(tag = "__proto__")]
struct Tagged {}

fn main() {}
