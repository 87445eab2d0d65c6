//! A field or an inner value whose type does not implement `TeleflowPayload`.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize)]
struct Foreign;

#[derive(Serialize, TeleflowPayload)]
struct Sku(Option<Foreign>);

#[derive(Serialize, TeleflowPayload)]
struct Line {
    sku: Foreign,
    #[teleflow(kind = "string")]
    name: Foreign,
}

fn main() {}
