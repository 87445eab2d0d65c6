//! A field with a similar name is suggested only if its type may be compatible with the variable.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Comment {
    text: String,
}

#[derive(Serialize)]
struct Id(u8);

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
struct Text<'a> {
    comment_id: &'a str,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
struct Kind {
    #[teleflow(kind = "integer")]
    comment_id: Id,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
#[serde(tag = "comments")]
struct Tag {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply", catalog = "workflows")]
struct OptionalObject {
    comments: Comment,
}

#[derive(Serialize, TeleflowPayload)]
struct Item {
    prices: f64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[].sku", "items[].qty"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    items: Vec<Item>,
}

// A string is compatible with a number that a template only renders.
#[derive(Serialize, TeleflowPayload)]
struct Quantity {
    qtty: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[].sku", "items[].price"))]
struct Quantities {
    carrier: String,
    gift: bool,
    items: Vec<Quantity>,
}

fn main() {}
