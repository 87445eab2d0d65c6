//! Unusual types, bounds and lints around generated code.

#![deny(warnings, single_use_lifetimes, unnameable_types, unused_lifetimes, unused_qualifications)]

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use teleflow::{TeleflowPayload, TeleflowWorkflow};

trait Visitor<'a> {}

/// A type with a higher-ranked lifetime.
#[derive(TeleflowPayload)]
#[teleflow(kind = "string")]
struct ForAnyLifetime<T: ?Sized>(Box<T>);

impl<T: ?Sized> Serialize for ForAnyLifetime<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("told")
    }
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due", catalog = "workflows", omit("tenant"))]
pub struct Quantified<'x> {
    amount: ForAnyLifetime<dyn for<'a> Visitor<'a> + 'x>,
    #[serde(rename = "sendAt")]
    send_at: teleflow::DeliverAt,
}

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome", catalog = "workflows")]
pub struct Bounded<'a, T: Clone + Serialize>
where
    Self: Clone,
{
    pub name: &'a T,
}

/// Types of unknown shape are compatible with everything; and a flattened field with a kind.
#[derive(Serialize)]
pub struct Unknown {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
pub struct Flattened {
    #[serde(flatten)]
    #[teleflow(kind = "object")]
    unknown: Unknown,
    items: BTreeMap<String, Item>,
}

#[derive(Serialize, TeleflowPayload)]
pub struct Item {
    sku: String,
    qty: f32,
    price: BTreeMap<&'static str, String>,
}

fn main() {}
