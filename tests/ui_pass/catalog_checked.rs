use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serializer;

#[derive(Clone, Serialize, TeleflowPayload)]
struct Item<'a> {
    sku: &'a str,
    qty: u8,
    price: Option<Money>,
}

#[derive(Clone, Serialize, TeleflowPayload)]
struct Money {
    #[serde(serialize_with = "cents")]
    amount: u64,
    currency: char,
}

fn cents<S: Serializer>(amount: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
struct OrderShipped<'a, T> {
    carrier: u64,
    gift: bool,
    items: Cow<'a, [Item<'a>]>,
    nickname: Option<T>,
    other: T,
}

#[derive(Serialize, TeleflowPayload)]
struct Carriage {
    carrier: String,
    gift: bool,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows")]
struct Flattened {
    #[serde(flatten)]
    carriage: Carriage,
    #[serde(flatten)]
    rest: HashMap<String, String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", unchecked)]
struct Unchecked {
    anything: u8,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items"))]
struct Left {
    carrier: char,
    gift: bool,
}

fn main() {}
