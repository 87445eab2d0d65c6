//! `crate` is not a path, or not a string.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", crate = "my crate")]
struct OrderShipped {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", crate = teleflow)]
struct Unquoted {}

fn main() {}
