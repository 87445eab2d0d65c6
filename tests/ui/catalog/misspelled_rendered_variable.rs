use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    nikname: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct CamelCase {
    carrier: String,
    gift: bool,
    #[serde(rename = "Nickname")]
    nick: String,
}

fn main() {}
