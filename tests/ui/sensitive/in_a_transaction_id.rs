use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "sign-in", transaction_id = "sign-in-{user}-{code}-{pin}")]
struct SignIn {
    user: u64,
    #[teleflow(sensitive)]
    code: String,
    #[serde(serialize_with = "teleflow::sensitive")]
    pin: u16,
}

fn main() {}
