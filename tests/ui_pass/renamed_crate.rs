//! `crate = ".."` names the library; `::teleflow` is another crate in this test.

#![deny(warnings)]

extern crate core as teleflow;
pub extern crate teleflow as tf;

use serde::Serialize;
use tf::TeleflowWorkflow;

mod notify {
    pub use tf as library;
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", crate = "tf", transaction_id = "{id}")]
struct OrderShipped {
    id: u64,
    #[teleflow(to)]
    customer: String,
    #[teleflow(actor)]
    merchant: String,
    #[teleflow(tenant)]
    shop: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-cancelled")]
#[teleflow(crate = "crate::notify::library")]
struct OrderCancelled {}

fn main() {
    let _ = OrderShipped { id: 7, customer: String::new(), merchant: String::new(), shop: String::new() };
    let _ = OrderCancelled {};
}
