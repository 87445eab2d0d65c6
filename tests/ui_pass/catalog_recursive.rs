use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Comment {
    text: String,
    replies: Vec<Comment>,
    parent: Option<Box<Comment>>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "thread", catalog = "workflows")]
struct Thread {
    root: Comment,
}

fn main() {}
