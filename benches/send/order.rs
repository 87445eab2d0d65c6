//! The event that every client sends.

use serde::{Deserialize, Serialize};
use teleflow::TeleflowWorkflow;

pub(crate) const TRIGGER: &str = "order-shipped";
pub(crate) const SUBSCRIBER: &str = "ada";
pub(crate) const API_KEY: &str = "bench-key";

/// The payload.
#[derive(Debug, Clone, Serialize, Deserialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", unchecked)]
pub(crate) struct Order {
    pub(crate) order_id: String,
    pub(crate) carrier: String,
    pub(crate) items: Vec<Item>,
    pub(crate) total: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) qty: u32,
    pub(crate) price: f64,
}

/// Orders to choose from, so that no client pays for building them.
pub(crate) fn orders() -> Vec<Order> {
    (0..1000).map(order).collect()
}

fn order(number: u32) -> Order {
    let item = |position: u32| Item {
        sku: format!("SKU-{}", number * 7 + position),
        qty: position + 1,
        price: 12.5 + f64::from(position),
    };
    let items: Vec<Item> = (0..3).map(item).collect();
    let total = items.iter().map(|item| f64::from(item.qty) * item.price).sum();
    Order { order_id: format!("A-{number}"), carrier: "UPS".to_owned(), items, total }
}
