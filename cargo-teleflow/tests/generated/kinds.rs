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
    /// Rendered.
    pub any: String,
    /// Rendered.
    pub bare_list: Vec<String>,
    /// Rendered.
    pub bare_object: std::collections::BTreeMap<String, String>,
    /// The moment at which a delay ends.
    pub date: teleflow::DeliverAt,
    /// Rendered.
    #[teleflow(address)]
    pub email: String,
    /// Rendered.
    pub flag: bool,
    /// Rendered.
    pub items: Vec<OrderShippedItems>,
    /// Rendered.
    pub lists: Vec<Vec<f64>>,
    /// Rendered.
    pub maps: Vec<std::collections::BTreeMap<String, String>>,
    /// Rendered.
    pub number: f64,
    /// Rendered.
    #[teleflow(address)]
    pub phone: String,
    /// Rendered.
    pub string: String,
    /// Rendered.
    pub texts: Vec<String>,
    /// Rendered.
    #[serde(rename = "webhookUrl")]
    #[teleflow(address)]
    pub webhook_url: String,
}

/// `items` of [`OrderShipped`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedItems {
    /// Rendered.
    pub email: String,
    /// Rendered.
    pub inner: OrderShippedItemsInner,
    /// Rendered.
    pub sku: String,
}

/// `inner` of [`OrderShippedItems`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedItemsInner {
    /// Rendered.
    pub x: String,
}
