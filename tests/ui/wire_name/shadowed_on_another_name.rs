//! `shadowed` on a variable that the server does not replace.

use std::collections::HashMap;

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation")]
struct Invitation {
    #[teleflow(shadowed)]
    number: u8,
    #[teleflow(shadowed)]
    #[serde(rename = "by")]
    actor: String,
    #[teleflow(shadowed)]
    #[serde(skip)]
    step: u8,
    #[teleflow(shadowed)]
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

fn main() {}
