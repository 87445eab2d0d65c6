use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "sign-in")]
struct SignIn {
    #[teleflow(to, sensitive)]
    user: String,
    #[teleflow(sensitive, actor)]
    merchant: Option<String>,
}

fn main() {}
