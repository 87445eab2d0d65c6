//! Values that are missing, unexpected, or not strings.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger)]
struct Missing {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = 7)]
struct Number {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = concat!("order-", "shipped"))]
struct NotLiteral {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger("order-shipped"))]
struct Brackets {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id)]
struct Superfluous {
    #[teleflow(to = "ada")]
    customer: String,
    #[teleflow(actor(id))]
    merchant: String,
}

fn main() {}
