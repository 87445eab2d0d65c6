//! Names that the server does not take, at any depth.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
struct House {
    constructor: String,
    #[serde(rename = "__proto__")]
    prototype: String,
    #[serde(rename = "builder")]
    constructor_: String,
}

fn main() {}
