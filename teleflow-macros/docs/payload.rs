use serde::{Serialize, Serializer};
use teleflow::TeleflowPayload;

#[derive(Serialize, TeleflowPayload)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub sku: String,
    pub unit_price: Money,
    pub delivery: Delivery,
    // The shape of a `Value` is unknown; `kind` declares it.
    #[teleflow(kind = "object")]
    pub measures: serde_json::Value,
}

#[derive(Serialize, TeleflowPayload)]
#[serde(tag = "by")]
pub enum Delivery {
    Post {
        #[teleflow(sensitive)]
        #[serde(serialize_with = "teleflow::sensitive")]
        street: String,
        city: String,
    },
    Drone {
        city: String,
    },
}

/// Serialized as `"7.50 EUR"`.
#[derive(TeleflowPayload)]
#[teleflow(kind = "string")]
pub struct Money {
    pub cents: u64,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:02} EUR", self.cents / 100, self.cents % 100))
    }
}
