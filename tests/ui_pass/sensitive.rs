//! `sensitive` with other keys, on generic structs, in enums, and for a struct that is part of other payloads.
#![deny(warnings)]

use std::collections::HashMap;

use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[serde(rename_all = "camelCase")]
#[teleflow(trigger = "card-added", transaction_id = "card-{id}", address("phone"))]
struct CardAdded<'a, T> {
    id: u64,
    #[teleflow(sensitive)]
    number: &'a str,
    #[teleflow(address, sensitive)]
    email: &'a str,
    #[teleflow(shadowed, sensitive, kind = "any")]
    step: T,
    #[teleflow(sensitive)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<u16>,
    #[teleflow(sensitive)]
    #[serde(flatten)]
    contact: Contact,
    payment: Payment,
}

#[derive(Serialize, TeleflowPayload)]
struct Contact {
    phone: String,
    #[teleflow(sensitive)]
    #[serde(serialize_with = "teleflow::sensitive")]
    codes: HashMap<String, Vec<u8>>,
}

#[derive(Serialize, TeleflowPayload)]
enum Payment {
    Card {
        #[teleflow(sensitive)]
        #[serde(serialize_with = "teleflow::sensitive")]
        number: Box<str>,
    },
    Account(#[serde(serialize_with = "teleflow::sensitive")] String),
}

#[derive(Serialize, TeleflowWorkflow, TeleflowPayload)]
#[teleflow(trigger = "sign-in")]
struct SignIn {
    #[teleflow(sensitive)]
    #[serde(serialize_with = "teleflow::sensitive")]
    code: String,
}

fn main() {
    let payment = if std::env::args().count() > 9 { Payment::Account("1".into()) } else { Payment::Card { number: "2".into() } };
    let contact = Contact { phone: "+491".into(), codes: HashMap::new() };
    let added = CardAdded { id: 7, number: "4000", email: "a@example.com", step: 7, pin: None, contact, payment };
    let request = added.to("ada").into_request().unwrap();
    assert!(!request.to_curl().contains("4000"), "{}", request.to_curl());
    assert!(SignIn { code: "1".into() }.to("ada").into_request().is_ok());
}
