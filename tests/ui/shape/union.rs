//! serde cannot write it.

use teleflow::TeleflowWorkflow;

#[derive(TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
union Order {
    id: u64,
    number: i64,
}

fn main() {}
