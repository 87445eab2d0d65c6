//! A `kind` that does not exist, is not a string, is given twice, or has no comma before it.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[teleflow(kind = "text")]
struct Sku(String);

#[derive(Serialize, TeleflowPayload)]
struct Line {
    #[teleflow(kind = "strng")]
    sku: String,
    #[teleflow(kind)]
    count: u32,
    #[teleflow(kind = "number")]
    #[teleflow(kind = "string")]
    price: f64,
    #[teleflow(kind = "number" kind = "string")]
    weight: f64,
}

fn main() {}
