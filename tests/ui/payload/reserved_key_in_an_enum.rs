//! The keys that serde writes for an enum: names of variants, its `tag` and its `content`.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all = "camelCase")]
enum External {
    Constructor(String),
    ToString { name: String },
    #[serde(rename = "__proto__")]
    Prototype(u8, u8),
    #[serde(rename = "_bsontype", serialize_with = "teleflow::as_string::serialize")]
    Kind(u8),
    // Strings, not keys.
    ValueOf,
    #[serde(rename = "hasOwnProperty")]
    Newtype(#[serde(skip)] u8),
    // Not sent.
    #[serde(skip)]
    IsPrototypeOf(u8),
    #[serde(untagged)]
    PropertyIsEnumerable(u8),
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "constructor")]
enum Internal {
    A { size: u8 },
    B,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "valueOf", content = "toString", rename_all = "camelCase")]
enum Adjacent {
    // A string, not a key.
    Constructor(u8),
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "kind", content = "toString")]
enum NoContent {
    A,
    B,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(untagged, rename_all = "camelCase")]
enum Untagged {
    Constructor(u8),
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "valueOf")]
struct Tagged {
    size: u8,
}

fn main() {}
