//! The word with which the server answers an event.

use std::fmt;

/// What the server says it did with an event.
///
/// The server answers `201` and `"acknowledged": true` to all of them; only this word tells a queued
/// event from a dropped one. (`TriggerEventStatusEnum`, `libs/shared/src/types/events/index.ts`.)
///
/// ```
/// use teleflow::Status;
///
/// assert_eq!(Status::from("trigger_not_active"), Status::NotActive);
/// assert_eq!(Status::NotActive.as_str(), "trigger_not_active");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// `processed`: queued. Not: sent.
    Processed,
    /// `trigger_not_active`: the workflow is switched off, in general or for the tenant.
    NotActive,
    /// `no_workflow_steps_defined`: the workflow has no step.
    NoSteps,
    /// `no_workflow_active_steps_defined`: all of the workflow's steps are switched off.
    NoActiveSteps,
    /// `no_tenant_found`: the tenant does not exist. The server never creates one.
    NoTenant,
    /// `subscriber_id_missing`.
    SubscriberMissing,
    /// `invalid_recipients`: newer servers only.
    InvalidRecipients,
    /// `error`: an item of a bulk that was refused.
    Error,
    /// A word that this version of the client does not know.
    Other(String),
}

impl Status {
    /// The word as the server writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Processed => "processed",
            Self::NotActive => "trigger_not_active",
            Self::NoSteps => "no_workflow_steps_defined",
            Self::NoActiveSteps => "no_workflow_active_steps_defined",
            Self::NoTenant => "no_tenant_found",
            Self::SubscriberMissing => "subscriber_id_missing",
            Self::InvalidRecipients => "invalid_recipients",
            Self::Error => "error",
            Self::Other(word) => word,
        }
    }

    /// Why an event with this status notifies nobody, and what to do about it.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Processed => "the event was queued",
            Self::NotActive => "the workflow is switched off; activate it in the dashboard",
            Self::NoSteps => "the workflow has no steps",
            Self::NoActiveSteps => "every step of the workflow is switched off",
            Self::NoTenant => "the tenant does not exist; create it first, a trigger never does",
            Self::SubscriberMissing => "the subscriber has no id",
            Self::InvalidRecipients => "the server found no valid recipient",
            Self::Error => "the server refused the event",
            Self::Other(_) => "the server answered with a status this client does not know",
        }
    }
}

impl From<&str> for Status {
    fn from(word: &str) -> Self {
        match word {
            "processed" => Self::Processed,
            "trigger_not_active" => Self::NotActive,
            "no_workflow_steps_defined" => Self::NoSteps,
            "no_workflow_active_steps_defined" => Self::NoActiveSteps,
            "no_tenant_found" => Self::NoTenant,
            "subscriber_id_missing" => Self::SubscriberMissing,
            "invalid_recipients" => Self::InvalidRecipients,
            "error" => Self::Error,
            other => Self::Other(teleflow_http::sanitize::text(other)),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
