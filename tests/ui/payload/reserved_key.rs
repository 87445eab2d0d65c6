//! Keys that the server does not keep at any depth.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
struct House {
    constructor: String,
    #[serde(rename = "__proto__")]
    prototype: String,
    #[serde(rename = "builder")]
    constructor_: String,
    #[serde(rename = "valueOf")]
    value: String,
    #[serde(rename = "_bsontype")]
    kind: String,
    #[serde(rename = "\0")]
    nul: String,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all_fields = "camelCase")]
enum Room {
    Kitchen { is_prototype_of: String },
}

fn main() {}
