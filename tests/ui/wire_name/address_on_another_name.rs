//! `address` on a field that is not an address variable.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct Invitation {
    #[teleflow(address)]
    inviter: String,
    #[teleflow(address)]
    webhook_url: String,
    #[serde(skip)]
    #[teleflow(address)]
    phone: String,
}

fn main() {}
