//! Two fields with the same name, and a field with the name of the tag.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type")]
struct Line {
    r#type: u8,
    sku: String,
    #[serde(rename = "sku")]
    number: String,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all_fields = "lowercase")]
enum Status {
    Delivered { at: u64, #[serde(rename = "at")] place: String },
    // Of two variants only one is sent.
    Lost { at: u64 },
}

fn main() {}
