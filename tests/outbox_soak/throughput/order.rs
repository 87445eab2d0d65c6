//! The event that is sent.

use serde::Serialize;
use teleflow::TeleflowWorkflow;

pub const TRIGGER: &str = "order-shipped";
pub const SUBSCRIBER: &str = "ada";
pub const API_KEY: &str = "test-key";

/// The payload: about 250 bytes.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", unchecked)]
pub struct Order {
    order_id: String,
    carrier: &'static str,
    items: [Item; 3],
    total: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Item {
    sku: String,
    qty: u32,
    price: f64,
}

impl Order {
    pub fn new(number: usize) -> Self {
        let item = |line: usize| Item { sku: format!("SKU-{:06}", number * 3 + line), qty: 2, price: 9.5 };
        Self { order_id: format!("A-{number:08}"), carrier: "UPS", items: [0, 1, 2].map(item), total: 57.0 }
    }
}
