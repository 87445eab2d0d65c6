use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
struct OrderShipped<'a> {
    carrier: bool,
    gift: &'a str,
    items: &'a str,
    nickname: Vec<String>,
}

fn main() {}
