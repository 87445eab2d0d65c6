//! An event whose recipients are in a field can be extended, sent, pushed, or turned into a request.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{Bulk, Client, Event, FieldRecipients, Needed, Request, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    id: &'a str,
    #[teleflow(to)]
    customers: Vec<&'a str>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows", omit("comment"))]
struct CommentReply {
    #[teleflow(to)]
    reader: String,
}

/// An event can be kept without its payload's owner, and while its actor is missing.
fn reply(reply: &CommentReply) -> Event<&CommentReply, FieldRecipients, Needed> {
    reply.event()
}

fn shorter<'a>(shipped: OrderShipped<'static>, id: &'a str) -> Event<OrderShipped<'a>, FieldRecipients> {
    OrderShipped { id, ..shipped }.event()
}

async fn sent(client: &Client, replies: Vec<CommentReply>) -> teleflow::Result<()> {
    for each in &replies {
        reply(each).actor("bob").send(client).await?;
    }
    let shipped = OrderShipped { id: "A-7", customers: vec!["ada", "ben"] };
    (&shipped).event().maybe_actor(None::<&str>).send(client).await?;
    let _: Request = shipped.event().into_request()?;

    let mut bulk: Bulk = replies.iter().map(|each| reply(each).actor("bob")).collect();
    bulk.extend(replies.into_iter().map(TeleflowWorkflow::event).map(|event| event.actor("bob")));
    bulk.push(OrderShipped { id: "A-8", customers: vec!["ada"] }.event());
    bulk.send(client).await.into_result()?;
    Ok(())
}

fn main() {
    let id = String::from("A-9");
    let _ = shorter(OrderShipped { id: "A-8", customers: vec![] }, &id);
    let _ = sent(&Client::builder().transport(teleflow_emulator::Emulator::new()).build().unwrap(), Vec::new());
}
