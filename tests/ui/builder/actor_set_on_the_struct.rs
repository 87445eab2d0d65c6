//! The actor is set on the struct instead of the event.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply")]
struct CommentReply {
    #[teleflow(to)]
    reader: String,
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let _ = CommentReply { reader: String::new() }.actor("bob").send(client);
}
