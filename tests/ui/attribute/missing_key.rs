//! A value without a key.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow("order-shipped")]
struct Text {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow = "order-shipped"]
struct Equals {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow]
struct Nothing {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    #[teleflow]
    customer: String,
}

fn main() {}
