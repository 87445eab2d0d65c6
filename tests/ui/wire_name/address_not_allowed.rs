//! The server sends to the address in these variables, and the struct does not allow it.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
#[serde(rename_all = "camelCase")]
struct Invitation {
    email: String,
    #[serde(rename = "phone")]
    number: String,
    webhook_url: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
#[serde(tag = "email")]
struct Tagged {}

fn main() {}
