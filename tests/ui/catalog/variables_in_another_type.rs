use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

// Sent instead of the struct.
#[derive(Serialize, TeleflowPayload)]
struct Sent {
    carrier: String,
    gift: String,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
#[serde(into = "Sent")]
struct Converted {
    nickname: String,
}

impl From<Converted> for Sent {
    fn from(converted: Converted) -> Self {
        Self { carrier: converted.nickname.clone(), gift: converted.nickname }
    }
}

// Sent among the struct's own fields.
#[derive(Serialize, TeleflowPayload)]
struct Carriage {
    carrier: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items"))]
struct Flattened {
    #[serde(flatten)]
    carriage: Option<Carriage>,
    nickname: String,
}

fn main() {}
