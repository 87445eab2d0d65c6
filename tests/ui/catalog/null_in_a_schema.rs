use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

type Maybe = Option<String>;

#[derive(Serialize, TeleflowPayload)]
struct Billing {
    city: Option<String>,
    street: Option<String>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows", omit("status"))]
struct InvoicePaid {
    amount: Option<u64>,
    billing: Billing,
    meta: (),
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    tags: Vec<Option<String>>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows", omit("status", "billing"))]
struct WithAnAlias {
    amount: u64,
    meta: Maybe,
    note: Maybe,
    reference: Maybe,
    tags: Vec<Maybe>,
}

fn main() {}
