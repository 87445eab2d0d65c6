use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "sign-in")]
struct SignIn {
    #[serde(skip)]
    #[teleflow(sensitive)]
    code: String,
}

#[derive(Serialize, TeleflowPayload)]
struct Card {
    #[serde(skip_serializing)]
    #[teleflow(sensitive)]
    number: String,
}

fn main() {}
