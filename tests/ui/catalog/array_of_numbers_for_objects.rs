use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
struct OrderShipped<'a> {
    carrier: String,
    gift: bool,
    items: &'a [u64],
}

fn main() {}
