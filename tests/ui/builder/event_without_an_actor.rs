//! A struct with a field marked `#[teleflow(to)]`, whose workflow requires an actor.

use serde::Serialize;
use teleflow::{Bulk, Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct CommentReply {
    #[teleflow(to)]
    reader: String,
}

fn main() {}

fn events(client: &Client, bulk: &mut Bulk, replies: &[CommentReply]) {
    let reply = CommentReply { reader: String::new() };
    let _ = reply.event().send(client);
    let _ = (&replies[0]).event().into_request();
    bulk.push((&replies[0]).event());
    let _: Bulk = replies.iter().map(TeleflowWorkflow::event).collect();
}

fn with_an_actor(bulk: &mut Bulk, replies: &[CommentReply]) {
    bulk.extend(replies.iter().map(|reply| reply.event().actor("bob")));
}
