//! `address(..)` and `shadowed(..)` are for names that do not come from the struct's own fields.

use std::collections::HashMap;

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation", address("email", "mail"))]
struct Flattened {
    #[teleflow(address)]
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation", address("email"))]
struct NothingFlattened {
    #[teleflow(address)]
    email: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation", address())]
struct Nothing {
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invitation", shadowed("step", "email"))]
struct Shadowed {
    #[teleflow(shadowed)]
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

fn main() {}
