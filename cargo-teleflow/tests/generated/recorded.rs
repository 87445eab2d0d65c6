use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

/// Workflow `comment-reply`, "Comment Reply".
///
/// The server refuses it without an actor, for step `in_app`: call `.actor(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply")]
pub struct CommentReply {
    /// Rendered, read by steps `in_app` and `push`.
    pub comment: CommentReplyComment,
}

/// `comment` of [`CommentReply`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct CommentReplyComment {
    /// Rendered, read by steps `in_app` and `push`.
    pub text: String,
}

/// Workflow `invoice-due`, "Invoice Due".
///
/// Its templates read a tenant, for step `email`: call `.tenant(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due")]
pub struct InvoiceDue {
    /// Rendered, read by step `email`.
    pub amount: String,
    /// Rendered, read by step `email`.
    pub currency: String,
    /// Rendered, read by step `email`.
    pub invoice_number: String,
    /// The moment at which a delay ends, read by step `delay`.
    #[serde(rename = "sendAt")]
    pub send_at: teleflow::DeliverAt,
}

/// Workflow `order-shipped-kGnzIEkFf`, "Order Shipped".
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped-kGnzIEkFf")]
pub struct OrderShippedKGnzIEkFf {
    /// Required, read by steps `in_app` and `email`.
    pub carrier: String,
    /// Rendered, read by step `email`.
    pub gift: bool,
    /// Rendered, read by step `email`.
    pub items: Vec<OrderShippedKGnzIEkFfItems>,
    /// Rendered, read by steps `in_app` and `email`.
    pub order: OrderShippedKGnzIEkFfOrder,
}

/// `items` of [`OrderShippedKGnzIEkFf`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedKGnzIEkFfItems {
    /// Rendered, read by step `email`.
    pub qty: String,
    /// Rendered, read by step `email`.
    pub sku: String,
}

/// `order` of [`OrderShippedKGnzIEkFf`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedKGnzIEkFfOrder {
    /// Rendered, read by steps `in_app` and `email`.
    pub id: String,
    /// Rendered, read by step `email`.
    pub total: String,
}

/// Workflow `weekly-digest`, "Weekly Digest".
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "weekly-digest")]
pub struct WeeklyDigest {
    /// Rendered, read by step `digest`.
    pub team_id: String,
    /// Rendered, read by step `sms`.
    pub team_name: String,
}
