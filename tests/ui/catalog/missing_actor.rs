use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize)]
struct Comment {
    text: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
struct CommentReply {
    #[teleflow(kind = "object")]
    comment: Comment,
}

fn main() {
    let client = &teleflow::Client::new("key").unwrap();
    let reply = || CommentReply { comment: Comment { text: String::new() } };
    let _ = reply().to("ada").send(client);
    let _ = reply().to("ada").actor("bob").send(client);
}
