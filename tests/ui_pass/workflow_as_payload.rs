//! A workflow's payload inside the payload of another workflow.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow, TeleflowPayload)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct CommentReply<'a> {
    #[teleflow(to)]
    reader: &'a str,
    #[teleflow(actor)]
    author: &'a str,
    #[teleflow(kind = "string")]
    text: char,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
struct Again<'a> {
    #[teleflow(actor)]
    author: &'a str,
    comment: CommentReply<'a>,
}

fn main() {}
