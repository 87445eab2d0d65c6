use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Item {
    skuu: String,
    qty: u32,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[].price"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    items: Vec<Item>,
}

#[derive(Serialize, TeleflowPayload)]
struct Scores {
    worst: f64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "tags", catalog = "workflows")]
struct Tags {
    names: Vec<String>,
    scores: Scores,
}

fn main() {}
