use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "card-added")]
struct CardAdded {
    #[serde(flatten, serialize_with = "teleflow::sensitive")]
    card: Card,
}

#[derive(Serialize, TeleflowPayload)]
struct Card {
    #[serde(flatten)]
    #[teleflow(sensitive)]
    numbers: Numbers,
}

#[derive(Serialize, TeleflowPayload)]
struct Numbers {
    number: String,
}

fn main() {}
