use serde::Serialize;
use teleflow::TeleflowWorkflow;

// A parameter may be any type, but the type around it is known.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct Optional<T> {
    carrier: Option<T>,
    gift: Vec<T>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct Plain<T> {
    carrier: T,
    gift: Box<T>,
}

fn main() {}
