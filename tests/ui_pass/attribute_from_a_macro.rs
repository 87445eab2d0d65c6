//! Attributes from a `macro_rules!` are read like handwritten ones.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

macro_rules! workflow {
    ($(#[$attribute:meta])* $trigger:literal { $($(#[$on_field:meta])* $field:ident: $ty:ty),* $(,)? } $serde:meta) => {
        #[derive(Serialize, TeleflowWorkflow)]
        $(#[$attribute])*
        #[teleflow(trigger = $trigger)]
        #[serde($serde)]
        struct Order {
            $($(#[$on_field])* $field: $ty,)*
        }
    };
}

workflow! {
    #[teleflow(transaction_id = "{email}")]
    "order-shipped" {
        #[serde(rename = "customer")]
        email: String,
        #[serde(skip)]
        constructor: String,
        #[teleflow(address)]
        webhook_url: String,
    }
    rename_all = "camelCase"
}

macro_rules! with_meta {
    ($name:ident: $($serde:meta),*; $teleflow:meta) => {
        #[derive(Serialize, TeleflowWorkflow)]
        #[teleflow(trigger = "order-shipped")]
        struct $name {
            #[serde($($serde),*)]
            #[teleflow($teleflow)]
            email: Option<String>,
        }
    };
}

macro_rules! nested {
    ($name:ident: $serde:meta; $teleflow:meta) => {
        with_meta!($name: $serde, skip_serializing_if = "Option::is_none"; $teleflow);
    };
}

with_meta!(Renamed: rename = "mail"; kind = "string");
with_meta!(Actor: rename(serialize = "by", deserialize = "email"); actor);
nested!(Nested: rename = "mail"; tenant);

fn main() {}
