//! The compiler says so, once.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", crate = "no_such_crate")]
struct OrderShipped {
    #[teleflow(to)]
    customer: String,
}

fn main() {}
