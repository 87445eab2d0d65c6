//! Types, bounds and lints that generated code has to live with.

#![deny(warnings, single_use_lifetimes, unnameable_types, unused_lifetimes, unused_qualifications)]

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use teleflow::{TeleflowPayload, TeleflowWorkflow};

trait Tell<'a> {}

/// Of a type that holds for every lifetime.
#[derive(TeleflowPayload)]
#[teleflow(kind = "string")]
struct Told<T: ?Sized>(Box<T>);

impl<T: ?Sized> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("told")
    }
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due", catalog = "workflows", omit("tenant"))]
pub struct Quantified<'x> {
    amount: Told<dyn for<'a> Tell<'a> + 'x>,
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

/// What has no form of its own, where everything fits; and what is flattened, with a kind.
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
