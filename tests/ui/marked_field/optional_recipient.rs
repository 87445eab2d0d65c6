//! An `Option` is not a recipient.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    #[teleflow(to)]
    customer: Option<String>,
}

fn main() {}
