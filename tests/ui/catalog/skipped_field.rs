use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct OrderShipped {
    #[serde(skip)]
    carrier: String,
    gift: bool,
    #[serde(skip_serializing, rename = "nickname")]
    nick: String,
}

fn main() {}
