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
#[teleflow(trigger = "order-shipped", omit("email", "phone", "subscriber", "tenant", "toString", "webhookUrl"))]
pub struct OrderShipped {
    /// Read by no step that is known.
    pub any: serde_json::Value,
    /// Read by no step that is known.
    pub bare_list: Vec<serde_json::Value>,
    /// Read by no step that is known.
    pub bare_object: std::collections::BTreeMap<String, serde_json::Value>,
    /// Required.
    pub colour: OrderShippedColour,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colours: Option<Vec<Option<OrderShippedColours>>>,
    /// Required.
    pub count: i64,
    /// The moment at which a delay ends.
    pub date: teleflow::DeliverAt,
    /// Optional. One of: `a`, `1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub either: Option<serde_json::Value>,
    // `email` is left out: the server sends to the address in it instead of the subscriber's.
    // If that is meant, remove it from `omit` and add this field:
    //     #[teleflow(address)]
    //     pub email: String,
    /// Read by no step that is known.
    pub flag: bool,
    /// Read by no step that is known.
    pub items: Vec<OrderShippedItems>,
    /// Read by no step that is known.
    pub lists: Vec<Vec<f64>>,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loose: Option<String>,
    /// Read by no step that is known.
    pub maps: Vec<std::collections::BTreeMap<String, serde_json::Value>>,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maybe_count: Option<i64>,
    /// Optional, read by step `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Required.
    pub null_or_count: Option<i64>,
    /// Read by no step that is known.
    pub number: f64,
    /// Required.
    pub odd: serde_json::Value,
    // `phone` is left out: the server sends to the address in it instead of the subscriber's.
    // If that is meant, remove it from `omit` and add this field:
    //     #[teleflow(address)]
    //     pub phone: String,
    /// Optional. One of: `1`, `2`, `3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Read by no step that is known.
    pub string: String,
    // `subscriber` is left out: templates read the server's own `subscriber` instead.
    // `tenant` is left out: templates read the server's own `tenant` instead; call `.tenant(..)`.
    /// Read by no step that is known.
    pub texts: Vec<String>,
    // `toString` is left out: the server removes it.
    // `webhookUrl` is left out: the server sends to the address in it instead of the subscriber's.
    // If that is meant, remove it from `omit` and add this field:
    //     #[serde(rename = "webhookUrl")]
    //     #[teleflow(address)]
    //     pub webhook_url: String,
}

/// `colour` of [`OrderShipped`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub enum OrderShippedColour {
    #[serde(rename = "")]
    Value,
    #[serde(rename = "2")]
    Value2,
    Ok,
    #[serde(rename = "Self")]
    Self2,
    #[serde(rename = "dark-green")]
    DarkGreen,
    #[serde(rename = "red")]
    Red,
}

/// `colours` of [`OrderShipped`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub enum OrderShippedColours {
    None,
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
    pub x: serde_json::Value,
}
