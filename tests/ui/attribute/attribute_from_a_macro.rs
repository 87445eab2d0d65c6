//! Attributes from a `macro_rules!` are read like handwritten ones.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

macro_rules! with_meta {
    ($name:ident, $($on_struct:meta),* ; $serde:meta, $teleflow:meta) => {
        #[derive(Serialize, TeleflowWorkflow)]
        #[teleflow($($on_struct),*)]
        struct $name {
            #[serde($serde)]
            name: String,
            #[teleflow($teleflow)]
            other: String,
        }
    };
}

with_meta!(Renamed, trigger = "order-shipped"; rename = "email", kind = "text");
with_meta!(Alike, trigger = "order-shipped", transaction_id = "{nam}"; rename = "other", kind = "string");

macro_rules! with_literal {
    ($(#[$attribute:meta])* $name:ident, $literal:literal) => {
        $(#[$attribute])*
        struct $name {
            #[serde(rename(serialize = $literal))]
            name: String,
        }
    };
}

with_literal!(
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", omit())]
    Literal,
    "constructor"
);

macro_rules! twice {
    ($meta:meta) => {
        with_meta!(Nested, trigger = "order-shipped"; $meta, kind = "string");
    };
}

twice!(rename = "other");

fn main() {}
