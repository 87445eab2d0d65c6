//! The input of conditions, and their result.

use std::time::Duration;

use serde_json::Value;

/// The detail for a value that is not a template or that cannot be rendered. Its status is `Failed`.
pub(crate) const UNRENDERED_VALUE: &str = "Processing step filter failed";

/// Conditions, and everything that they read.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'a> {
    /// `filters`, a list of groups. `null` always passes.
    pub(crate) filters: &'a Value,
    /// `{payload, subscriber?, tenant?, step?, actor?}`. A delay or a digest step has a payload only.
    pub(crate) variables: &'a Value,
    /// The stored subscriber. The worker reads it for a condition on the subscriber if the variables have none.
    pub(crate) subscriber: Option<&'a Value>,
    /// The stored tenant of the event. The worker reads it for a condition on the tenant if the variables have none.
    pub(crate) tenant: Option<&'a Value>,
    /// The trigger identifier of the workflow, which a webhook gets.
    pub(crate) identifier: &'a str,
    /// The type of the step, which a webhook gets: `email`, `delay`, …
    pub(crate) channel: &'a str,
    /// The time since 1970.
    pub(crate) now: Duration,
    /// Finds the message of the step with this uuid in the same notification.
    pub(crate) previous: &'a dyn Fn(&str) -> Option<PreviousMessage>,
    /// Sends a request to a webhook. The error says why there is no response.
    pub(crate) webhook: &'a dyn Fn(&WebhookRequest<'_>) -> Result<WebhookResponse, String>,
}

/// The message of an earlier step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PreviousMessage {
    /// `email`, `in_app`, …
    pub(crate) channel: String,
    pub(crate) seen: Option<bool>,
    pub(crate) read: Option<bool>,
    /// How often the recipient has opened the e-mail.
    pub(crate) opened: u64,
}

/// A request to the webhook of a condition: a POST without the signature that the server adds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WebhookRequest<'a> {
    pub(crate) url: &'a str,
    /// `{subscriber, payload, identifier, channel}`.
    pub(crate) body: Value,
}

/// The response of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WebhookResponse {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// The result of evaluating conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evaluation {
    /// Whether the conditions pass.
    pub(crate) passed: Result<bool, ConditionError>,
    /// For each value that is not a template or cannot be rendered, the error. The worker adds the detail
    /// [`UNRENDERED_VALUE`] for each, with `{error}` as `raw`.
    pub(crate) unrendered: Vec<String>,
}

/// An exception of the worker, with its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConditionError {
    /// A webhook failed. The worker retries the job.
    Webhook(String),
    /// The job fails.
    Thrown(String),
}

impl ConditionError {
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Webhook(message) | Self::Thrown(message) => message,
        }
    }
}
