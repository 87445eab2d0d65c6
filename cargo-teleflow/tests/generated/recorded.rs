use serde::Serialize;
use teleflow::{TeleflowPayload, TeleflowWorkflow};

/// Workflow `comment-reply`, "Comment Reply".
///
/// The workflow requires an actor (step `in_app`): call `.actor(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "comment-reply")]
pub struct CommentReply {
    /// Read by steps `in_app` and `push`.
    pub comment: CommentReplyComment,
}

/// `comment` of [`CommentReply`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct CommentReplyComment {
    /// Read by steps `in_app` and `push`.
    pub text: String,
}

/// Workflow `invoice-due`, "Invoice Due".
///
/// Templates use a tenant (step `email`): call `.tenant(..)`.
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice-due")]
pub struct InvoiceDue {
    /// Read by step `email`.
    pub amount: String,
    /// Read by step `email`.
    pub currency: String,
    /// Read by step `email`.
    pub invoice_number: String,
    /// The date at which a delay ends (step `delay`).
    #[serde(rename = "sendAt")]
    pub send_at: teleflow::DeliverAt,
}

/// Workflow `order-shipped-kGnzIEkFf`, "Order Shipped".
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped-kGnzIEkFf")]
pub struct OrderShippedKGnzIEkFf {
    /// Required by steps `in_app` and `email`.
    pub carrier: String,
    /// Read by step `email`.
    pub gift: bool,
    /// Read by step `email`.
    pub items: Vec<OrderShippedKGnzIEkFfItems>,
    /// Read by steps `in_app` and `email`.
    pub order: OrderShippedKGnzIEkFfOrder,
}

/// `items` of [`OrderShippedKGnzIEkFf`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedKGnzIEkFfItems {
    /// Read by step `email`.
    pub qty: String,
    /// Read by step `email`.
    pub sku: String,
}

/// `order` of [`OrderShippedKGnzIEkFf`].
#[derive(Debug, Clone, Serialize, TeleflowPayload)]
pub struct OrderShippedKGnzIEkFfOrder {
    /// Read by steps `in_app` and `email`.
    pub id: String,
    /// Read by step `email`.
    pub total: String,
}

/// Workflow `weekly-digest`, "Weekly Digest".
#[derive(Debug, Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "weekly-digest")]
pub struct WeeklyDigest {
    /// Read by step `digest`.
    pub team_id: String,
    /// Read by step `sms`.
    pub team_name: String,
}
