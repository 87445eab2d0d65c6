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

fn main() {}
