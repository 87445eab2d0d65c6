use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shiped", catalog = "workflows")]
struct Near {
    carrier: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "password-reset", catalog = "workflows")]
struct Far {
    link: String,
}

fn main() {}
