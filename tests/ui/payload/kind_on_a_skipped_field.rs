//! A `kind` on a field that is not sent, or not under a name of its own.

use std::collections::HashMap;

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
struct Line {
    #[serde(skip)]
    #[teleflow(kind = "number")]
    weight: f64,
    #[serde(flatten)]
    #[teleflow(kind = "object")]
    rest: HashMap<String, String>,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type")]
enum Status {
    Delivered {
        #[serde(skip_serializing)]
        #[teleflow(kind = "date")]
        at: u64,
    },
}

fn main() {}
