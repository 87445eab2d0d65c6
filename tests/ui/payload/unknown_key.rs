//! Misspelled keys, keys of a workflow, and keys on the wrong item: each is reported, and the type can be used.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[teleflow(kinds = "string", trigger = "order-shipped")]
struct Line {
    #[teleflow(knd = "string")]
    sku: String,
    #[teleflow(crate = "notify::teleflow")]
    count: u32,
    #[teleflow(to)]
    customer: String,
    #[teleflow(rename = "n")]
    number: u32,
}

#[derive(Serialize, TeleflowPayload)]
#[teleflow]
enum Status {
    #[teleflow(kind = "string")]
    InTransit,
    Delivered(#[teleflow("number")] u64),
}

fn requires_payload<T: TeleflowPayload>() {}

fn main() {
    requires_payload::<Line>();
    requires_payload::<Status>();
}
