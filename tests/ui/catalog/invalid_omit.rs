use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("carrier", "item", "nickname", "items"))]
struct OrderShipped {
    nickname: String,
    gift: bool,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("actor", "comment"))]
struct CommentReply {
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items.sku", "items[].price.amont"))]
struct Items {
    carrier: String,
    gift: bool,
    items: serde_json::Value,
}

fn main() {}
