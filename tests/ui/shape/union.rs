//! serde cannot serialize a union.

use teleflow::TeleflowWorkflow;

#[derive(TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
union Order {
    id: u64,
    number: i64,
}

fn main() {}
