use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[]"))]
struct OrderShipped {
    carrier: String,
    items: Vec<u8>,
}

fn main() {}
