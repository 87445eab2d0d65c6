//! The path in `crate` does not exist: the compiler reports it once.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", crate = "no_such_crate")]
struct OrderShipped {
    #[teleflow(to)]
    customer: String,
}

fn main() {}
