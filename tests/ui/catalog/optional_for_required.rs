use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct OrderShipped {
    carrier: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gift: bool,
    nickname: Option<String>,
}

fn main() {}
