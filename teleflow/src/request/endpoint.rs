//! The endpoints of the Events API.

use serde::{Deserialize, Serialize};

/// The endpoint that a request is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Endpoint {
    Trigger,
    Bulk,
    Broadcast,
    Cancel,
}

impl Endpoint {
    /// The path. That of [`Cancel`](Self::Cancel) ends with the id of the event.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Trigger => "/v1/events/trigger",
            Self::Bulk => "/v1/events/trigger/bulk",
            Self::Broadcast => "/v1/events/trigger/broadcast",
            Self::Cancel => "/v1/events/trigger/",
        }
    }

    /// The name in errors and logs. It does not contain the id of the event to cancel.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trigger => "POST /v1/events/trigger",
            Self::Bulk => "POST /v1/events/trigger/bulk",
            Self::Broadcast => "POST /v1/events/trigger/broadcast",
            Self::Cancel => "DELETE /v1/events/trigger/{transaction id}",
        }
    }
}
