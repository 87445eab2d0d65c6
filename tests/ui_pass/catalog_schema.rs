//! What a schema allows: `null` where it says so, integers, strings of a list, and no other fields.

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

/// A string may be one of the list, and a number that serde writes by hand may be whole.
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
