//! A field, or what stands for the whole, is of a type of which nothing is known.

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
