use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Item {
    sku: String,
    qty: u32,
    price: Money,
}

#[derive(Serialize, TeleflowPayload)]
struct Money {
    amount: Vec<u64>,
    currency: &'static str,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
struct OrderShipped {
    carrier: String,
    gift: bool,
    items: Vec<Item>,
}

fn main() {}
