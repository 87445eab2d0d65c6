#![deny(deprecated)]

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "retired", catalog = "workflows")]
struct Retired {
}

fn main() {}
