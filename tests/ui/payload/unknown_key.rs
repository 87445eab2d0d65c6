//! Keys that are misspelt, those of the workflow, and those in the wrong place: each is told, and the type can be used.

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

fn stands_in_a_payload<T: TeleflowPayload>() {}

fn main() {
    stands_in_a_payload::<Line>();
    stands_in_a_payload::<Status>();
}
