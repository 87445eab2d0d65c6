//! Types that are not a recipient, an actor or a tenant.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    #[teleflow(to)]
    customer: u64,
    #[teleflow(actor)]
    merchant: Vec<String>,
    #[teleflow(tenant)]
    shop: (String, String),
}

fn main() {}
