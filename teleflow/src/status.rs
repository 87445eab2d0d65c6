//! The status of an event: queued, or why not.

use std::fmt;

/// The status of an event in the server's response.
///
/// The server answers `201` and `"acknowledged": true` for every one of them. Only the status distinguishes a queued event
/// from a dropped one.
///
/// ```
/// use teleflow::Status;
///
/// assert_eq!(Status::from("trigger_not_active"), Status::NotActive);
/// assert_eq!(Status::NotActive.as_str(), "trigger_not_active");
/// ```
// Source: `TriggerEventStatusEnum` in `libs/shared/src/types/events/index.ts`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// `processed`: the event is queued, but not yet delivered.
    Processed,
    /// `trigger_not_active`: the workflow is switched off, in general or for the tenant.
    NotActive,
    /// `no_workflow_steps_defined`: the workflow has no step.
    NoSteps,
    /// `no_workflow_active_steps_defined`: all of the workflow's steps are switched off.
    NoActiveSteps,
    /// `no_tenant_found`: the tenant does not exist. The server does not create it.
    NoTenant,
    /// `subscriber_id_missing`: the subscriber has no id.
    SubscriberMissing,
    /// `invalid_recipients`: no recipient is valid. Only newer servers send it.
    InvalidRecipients,
    /// `error`: the server refused this event of a bulk.
    Error,
    /// A status that this version of the crate does not know.
    Other(String),
}

impl Status {
    /// The status as the server sends it.
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
            Self::Other(status) => status,
        }
    }

    /// Why an event with this status is not queued, and what to do.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Processed => "the event was queued",
            Self::NotActive => "the workflow is switched off; activate it in the dashboard",
            Self::NoSteps => "the workflow has no steps",
            Self::NoActiveSteps => "every step of the workflow is switched off",
            Self::NoTenant => "the tenant does not exist; create it first, because a trigger does not create it",
            Self::SubscriberMissing => "the subscriber has no id",
            Self::InvalidRecipients => "the server found no valid recipient",
            Self::Error => "the server refused the event",
            Self::Other(_) => "the server sent a status that this version of the crate does not know",
        }
    }
}

impl From<&str> for Status {
    fn from(status: &str) -> Self {
        match status {
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
