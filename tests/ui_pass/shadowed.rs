//! Variables that the server replaces in templates, allowed with `shadowed` or not possible.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct Allowed {
    #[teleflow(shadowed)]
    subscriber: String,
    #[teleflow(shadowed)]
    #[serde(rename = "step")]
    number: u8,
    #[teleflow(shadowed)]
    branding: String,
    #[teleflow(shadowed)]
    preheader: String,
    #[teleflow(shadowed)]
    tenant: String,
    #[teleflow(shadowed)]
    actor: String,
    #[teleflow(shadowed)]
    subject: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct MarkedFields {
    #[teleflow(tenant)]
    tenant: String,
    #[teleflow(actor)]
    actor: Option<String>,
    #[serde(skip)]
    subscriber: String,
    #[serde(rename = "number")]
    step: u8,
    subject: String,
    body: String,
    blocks: Vec<String>,
}

fn main() {}
