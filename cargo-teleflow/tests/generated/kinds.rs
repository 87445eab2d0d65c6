use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

/// Workflow `order-shipped`, "Called \u{22}so\u{22}\u{a}\u{60}x\u{60}".
///
/// It is switched off: the server drops its events.
///
/// The server refuses it without an actor, for step `a\u{a}b`: call `.actor(..)`.
///
/// Its templates read a tenant, for steps `x` and `y`: call `.tenant(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
pub struct OrderShipped {
    /// Read by no step that is known.
    pub any: String,
    /// Read by no step that is known.
    pub bare_list: Vec<String>,
    /// Read by no step that is known.
    pub bare_object: std::collections::BTreeMap<String, String>,
    /// The moment at which a delay ends.
    pub date: teleflow::DeliverAt,
    /// Read by no step that is known.
    #[teleflow(address)]
    pub email: String,
    /// Read by no step that is known.
    pub flag: bool,
    /// Read by no step that is known.
    pub items: Vec<OrderShippedItems>,
    /// Read by no step that is known.
    pub lists: Vec<Vec<f64>>,
    /// Read by no step that is known.
    pub maps: Vec<std::collections::BTreeMap<String, String>>,
    /// Read by no step that is known.
    pub number: f64,
    /// Read by no step that is known.
    #[teleflow(address)]
    pub phone: String,
    /// Read by no step that is known.
    pub string: String,
    /// Read by no step that is known.
    pub texts: Vec<String>,
    /// Read by no step that is known.
    #[serde(rename = "webhookUrl")]
    #[teleflow(address)]
    pub webhook_url: String,
}

/// `items` of [`OrderShipped`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedItems {
    /// Read by no step that is known.
    pub email: String,
    /// Read by no step that is known.
    pub inner: OrderShippedItemsInner,
    /// Read by no step that is known.
    pub sku: String,
}

/// `inner` of [`OrderShippedItems`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedItemsInner {
    /// Read by no step that is known.
    pub x: String,
}
