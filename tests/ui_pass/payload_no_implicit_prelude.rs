//! The code for a payload type needs no prelude, and does not clash with the user's names.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]

use ::serde::Serialize;
use ::teleflow::TeleflowPayload;

struct Option;
struct Some;
struct None;
struct String;
struct Box;
struct Shape;
struct FieldInfo;
struct Unknown;
struct FieldAt;
struct str;
struct u8;
mod core {}
mod std {}
mod teleflow {}
mod kind {}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type")]
struct Line {
    sku: ::std::string::String,
    #[serde(skip_serializing_if = "::std::vec::Vec::is_empty")]
    parts: ::std::vec::Vec<Line>,
    #[teleflow(kind = "number")]
    count: ::core::option::Option<::core::primitive::u8>,
    #[teleflow(kind = "string")]
    note: ::core::option::Option<&'static ::core::primitive::str>,
}

#[derive(Serialize, TeleflowPayload)]
struct Sku(::std::string::String);

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "type", content = "content")]
enum Status {
    Delivered(Line),
    Lost,
}

fn main() {}
