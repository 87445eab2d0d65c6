//! In templates the server replaces these variables with its own values.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct Invitation {
    subscriber: String,
    #[serde(rename = "step")]
    number: u8,
    branding: String,
    preheader: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct OnBehalf {
    tenant: String,
    #[teleflow(tenant)]
    actor: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
#[serde(tag = "step")]
struct Tagged {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
#[serde(tag = "actor")]
struct TaggedActor {}

fn main() {}
