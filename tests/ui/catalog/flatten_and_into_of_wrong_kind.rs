//! A flattened field must be an object, and the type in `into` must not be optional.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Rest {
    carrier: String,
    gift: bool,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct Flattened {
    #[serde(flatten)]
    #[teleflow(kind = "string")]
    rest: Rest,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
#[serde(into = "Option<Rest>")]
struct Into {}

impl From<Into> for Option<Rest> {
    fn from(_: Into) -> Self {
        None
    }
}

fn main() {}
