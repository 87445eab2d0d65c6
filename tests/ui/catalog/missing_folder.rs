use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "nowhere")]
struct OrderShipped {
    carrier: String,
}

fn main() {}
