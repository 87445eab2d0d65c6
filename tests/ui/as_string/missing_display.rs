//! A type without `Display`, alone and inside a list.

use serde::Serialize;

#[derive(Serialize)]
struct Price {
    cents: u64,
}

#[derive(Serialize)]
struct Order {
    #[serde(serialize_with = "teleflow::as_string::serialize")]
    price: Price,
    #[serde(serialize_with = "teleflow::as_string::serialize")]
    prices: Vec<Price>,
}

fn main() {}
