//! An alias of `Option` is optional, even with a `kind`.

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

/// Not a `TeleflowPayload`.
#[derive(Serialize)]
struct Money(u64);

type Maybe<T> = Option<T>;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname", "items"))]
struct OrderShipped<'a> {
    #[teleflow(kind = "string")]
    carrier: Maybe<&'a str>,
    #[teleflow(kind = "boolean")]
    gift: Maybe<Money>,
}

#[derive(Serialize, TeleflowPayload)]
struct Billing {
    #[teleflow(kind = "string")]
    city: Maybe<Money>,
    #[teleflow(kind = "string")]
    street: Maybe<Money>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-paid", catalog = "workflows", omit("note", "status", "tags"))]
struct InvoicePaid {
    #[teleflow(kind = "integer")]
    amount: Money,
    billing: Billing,
    meta: u8,
    reference: String,
}

fn main() {}
