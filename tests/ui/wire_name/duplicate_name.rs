//! Two fields with the same name in JSON.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(tag = "kind", rename_all = "camelCase")]
struct OrderShipped {
    order_id: u64,
    #[serde(rename = "orderId")]
    number: u64,
    kind: String,
}

fn main() {}
