//! A schema allows `null` where it is listed, integers, listed strings, and no other fields.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all = "lowercase")]
enum Status {
    Paid,
    Open,
}

#[derive(Serialize, TeleflowPayload)]
struct Billing {
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    street: Option<String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows")]
struct InvoicePaid {
    amount: u64,
    billing: Billing,
    meta: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    tags: Vec<String>,
}

/// A custom serializer may write a listed string, and an integer.
#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows", omit("billing", "note", "tags"))]
struct ByHand {
    #[teleflow(kind = "integer")]
    amount: f64,
    meta: serde_json::Value,
    reference: (),
    status: String,
}

fn main() {}
