use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

#[derive(Serialize, TeleflowPayload)]
struct Item {
    sku: Vec<String>,
    qty: bool,
    price: Price,
}

/// Serialized as a number.
#[derive(TeleflowPayload)]
enum Price {
    High,
    Low,
}

impl Serialize for Price {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::High => 2,
            Self::Low => 1,
        })
    }
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", catalog = "workflows", omit("nickname"))]
struct OrderShipped {
    carrier: String,
    gift: Price,
    items: Vec<Item>,
}

fn main() {}
