//! Keys that the server does not keep.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(rename_all = "camelCase")]
struct OrderShipped {
    constructor: String,
    #[serde(rename = "__proto__")]
    prototype: String,
    to_string: String,
    has_own_property: String,
    #[serde(rename = "_bsontype")]
    kind: String,
    #[serde(rename = "a\0b")]
    nul: String,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(tag = "__proto__")]
struct Tagged {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct Kept {
    #[serde(rename = "$set")]
    set: String,
    #[serde(rename = "a.b")]
    dotted: String,
    #[serde(rename = "")]
    empty: String,
    then: String,
    to_string: String,
}

fn main() {}
