//! If serde rejects an attribute, only serde reports an error.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
struct OrderShipped {
    #[serde(renam = "carrier")]
    by: String,
    gift: bool,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("items", "nickname"))]
#[serde(rename_al = "camelCase")]
struct AlsoShipped {
    carrier_name: String,
    gift: bool,
    email: String,
}

#[derive(Serialize, TeleflowPayload)]
struct Item {
    #[serde(rename = "a", skip_if = "is_empty")]
    constructor: String,
    a: u8,
}

fn main() {}
