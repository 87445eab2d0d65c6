use std::collections::HashMap;

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
enum Status {
    #[serde(rename = "paid")]
    Paid,
    Overdue,
}

#[derive(Serialize, TeleflowPayload)]
struct Billing {
    street: String,
    zip: String,
}

#[derive(Serialize, TeleflowPayload)]
struct Rest {
    reference: String,
    page: u8,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows", omit("note", "billing.city"))]
struct InvoicePaid {
    amount: f64,
    billing: Billing,
    meta: u8,
    notes: String,
    #[serde(flatten)]
    rest: Rest,
    status: Option<Status>,
    tags: Vec<String>,
    #[serde(flatten)]
    others: HashMap<String, u8>,
}

fn main() {}
