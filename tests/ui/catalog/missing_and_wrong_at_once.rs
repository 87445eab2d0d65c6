use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Item {
    skuu: String,
    qty: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items[].price"))]
struct OrderShipped {
    carrier: Vec<u8>,
    items: Vec<Item>,
}

fn main() {}
