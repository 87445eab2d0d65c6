//! What stands for the whole is of a type of which nothing is known.

use serde::Serialize;
use teleflow::TeleflowPayload;

#[derive(Serialize)]
struct Foreign;

#[derive(Serialize, TeleflowPayload)]
struct Sku(Option<Foreign>);

// A field is asked only where a workflow reads it.
#[derive(Serialize, TeleflowPayload)]
struct Line {
    sku: Foreign,
}

fn main() {}
