use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[serde(into = "Sent")]
#[teleflow(trigger = "sign-in")]
struct SignIn {
    #[teleflow(sensitive)]
    code: String,
}

#[derive(Clone, Serialize, TeleflowPayload)]
#[serde(into = "Sent")]
struct Login {
    #[serde(serialize_with = "teleflow::sensitive")]
    code: String,
}

#[derive(Serialize, TeleflowPayload)]
struct Sent {
    code: String,
}

impl From<SignIn> for Sent {
    fn from(SignIn { code }: SignIn) -> Self {
        Self { code }
    }
}

impl From<Login> for Sent {
    fn from(Login { code }: Login) -> Self {
        Self { code }
    }
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "by")]
enum Payment {
    Card(#[serde(serialize_with = "teleflow::sensitive")] Sent),
    Cash,
}

fn main() {}
