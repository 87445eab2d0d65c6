//! Each key marks at most one field.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    #[teleflow(to)]
    customer: String,
    #[teleflow(to, actor)]
    merchant: String,
    #[teleflow(actor)]
    carrier: String,
    #[teleflow(tenant)]
    shop: String,
    #[teleflow(tenant)]
    brand: String,
}

fn main() {}
