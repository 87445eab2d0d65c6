use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Item {
    sku: Sku,
}

#[derive(Serialize, TeleflowPayload)]
struct Sku {
    text: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[].qty", "items[].price"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    items: Vec<Item>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "tags", catalog = "workflows", omit("scores"))]
struct Tags {
    names: Vec<Vec<String>>,
}

fn main() {}
