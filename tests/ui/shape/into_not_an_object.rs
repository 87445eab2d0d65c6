//! `into` names a type that is not an object.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(into = "String")]
struct AsText {
    id: u64,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(into = "Vec<u8>")]
struct AsList {
    id: u64,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(into = "std::option::Option<u64>")]
struct AsNumber {
    id: u64,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
#[serde(into = "(u8, u8)")]
struct AsTuple {
    id: u64,
}

macro_rules! from {
    ($($from:ident -> $to:ty: $value:expr;)*) => {
        $(impl From<$from> for $to {
            fn from(_: $from) -> Self {
                $value
            }
        })*
    };
}

from! {
    AsText -> String: String::new();
    AsList -> Vec<u8>: Vec::new();
    AsNumber -> Option<u64>: None;
    AsTuple -> (u8, u8): (0, 0);
}

fn main() {}
