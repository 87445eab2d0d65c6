//! The error points at the type that lacks `Display`.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "{shop}-{order_id}")]
struct OrderShipped {
    shop: Option<String>,
    order_id: OrderId,
}

#[derive(Serialize)]
struct OrderId(u64);

fn main() {}
