use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

/// Workflow `order-shipped`, "Called \u{22}so\u{22}\u{a}\u{60}x\u{60}".
///
/// It is switched off, so the server drops its events.
///
/// The workflow requires an actor (step `a\u{a}b`): call `.actor(..)`.
///
/// Templates use a tenant (steps `x` and `y`): call `.tenant(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", omit("email", "phone", "subscriber", "tenant", "toString", "webhookUrl"))]
pub struct OrderShipped {
    /// Not read by any known step.
    pub any: serde_json::Value,
    /// Not read by any known step.
    pub bare_list: Vec<serde_json::Value>,
    /// Not read by any known step.
    pub bare_object: std::collections::BTreeMap<String, serde_json::Value>,
    /// Required.
    pub colour: OrderShippedColour,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colours: Option<Vec<Option<OrderShippedColours>>>,
    /// Required.
    pub count: i64,
    /// The date at which a delay ends.
    pub date: teleflow::DeliverAt,
    /// Optional. One of: `a`, `1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub either: Option<serde_json::Value>,
    // No field for `email`: the server would use it as the address instead of the subscriber's.
    // If you intend that, remove it from `omit` and add this field:
    //     #[teleflow(address)]
    //     pub email: String,
    /// Not read by any known step.
    pub flag: bool,
    /// Not read by any known step.
    pub items: Vec<OrderShippedItems>,
    /// Not read by any known step.
    pub lists: Vec<Vec<f64>>,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loose: Option<String>,
    /// Not read by any known step.
    pub maps: Vec<std::collections::BTreeMap<String, serde_json::Value>>,
    /// Optional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maybe_count: Option<i64>,
    /// Optional, read by step `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Required.
    pub null_or_count: Option<i64>,
    /// Not read by any known step.
    pub number: f64,
    /// Required.
    pub odd: serde_json::Value,
    // No field for `phone`: the server would use it as the address instead of the subscriber's.
    // If you intend that, remove it from `omit` and add this field:
    //     #[teleflow(address)]
    //     pub phone: String,
    /// Optional. One of: `1`, `2`, `3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Not read by any known step.
    pub string: String,
    // No field for `subscriber`: templates read the server's own `subscriber`.
    // No field for `tenant`: templates read the server's own `tenant`; call `.tenant(..)`.
    /// Not read by any known step.
    pub texts: Vec<String>,
    // No field for `toString`: the server removes it.
    // No field for `webhookUrl`: the server would use it as the address instead of the subscriber's.
    // If you intend that, remove it from `omit` and add this field:
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
    /// Not read by any known step.
    pub email: String,
    /// Not read by any known step.
    pub inner: OrderShippedItemsInner,
    /// Not read by any known step.
    pub sku: String,
}

/// `inner` of [`OrderShippedItems`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedItemsInner {
    /// Not read by any known step.
    pub x: serde_json::Value,
}
