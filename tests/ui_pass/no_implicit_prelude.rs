//! Generated code needs no prelude, and does not clash with the user's names.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]

use ::serde::Serialize;
use ::teleflow::TeleflowWorkflow;

struct Option;
struct Some;
struct None;
struct String;
struct Result;
struct Box;
struct Payload;
struct Recipients;
struct str;
struct u8;
mod core {}
mod std {}
mod teleflow {}
const out: () = ();
static write: () = ();

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{out}-{self_}")]
struct OrderShipped {
    out: ::core::primitive::u64,
    self_: ::core::primitive::u8,
    __teleflow_out: ::core::primitive::u8,
    write: ::core::option::Option<::std::string::String>,
    #[teleflow(to)]
    recipients: ::std::vec::Vec<::std::string::String>,
    #[teleflow(actor)]
    actor: ::core::option::Option<::std::string::String>,
    #[teleflow(tenant)]
    tenant: &'static ::core::primitive::str,
}

fn main() {}
