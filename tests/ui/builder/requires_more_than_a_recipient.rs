//! `W: TeleflowWorkflow` accepts only workflows that require no more than a recipient.

use serde::Serialize;
use teleflow::{Bulk, Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct CommentReply {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "assigned", catalog = "workflows", omit("tasks"))]
struct Assigned {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct WithRecipient {
    #[teleflow(to)]
    reader: String,
}

#[derive(Serialize)]
struct NoWorkflow {}

fn notify<W: TeleflowWorkflow>(event: W, client: &Client) {
    let _ = event.to("ada").send(client);
}

fn main() {
    let client = &Client::new("key").unwrap();
    notify(CommentReply {}, client);
    notify(&Assigned {}, client);
    notify(NoWorkflow {}, client);
    let _ = WithRecipient { reader: String::new() }.send(client);
    let _: Bulk = [CommentReply {}].iter().map(|reply| reply.to("ada")).collect();
    let _ = [CommentReply {}].iter().map(|reply| reply.to("ada")).collect::<Bulk>();
    let mut bulk = Bulk::new();
    bulk.push(CommentReply {}.to("ada"));
    let _ = CommentReply {}.broadcast().send(client);
}
