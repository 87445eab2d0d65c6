//! The ids that identify an event of a request.

use serde::{Deserialize, Serialize};

use super::endpoint::Endpoint;
use crate::error::ErrorContext;
use crate::id::{TransactionId, TriggerId};
use crate::invalid::Invalid;
use crate::json::SensitivePaths;

/// The ids of one event of a request, and where its payload is sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventId {
    /// `None` in a request that cancels an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trigger: Option<TriggerId>,
    pub(crate) transaction_id: TransactionId,
    /// The sensitive values of its payload.
    #[serde(default, skip_serializing_if = "SensitivePaths::is_empty")]
    pub(crate) sensitive: SensitivePaths,
}

impl EventId {
    /// # Errors
    ///
    /// If the server would misread one of the ids, or a path to a sensitive value is malformed.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        self.trigger.as_ref().map_or(Ok(()), TriggerId::validate)?;
        self.transaction_id.validate()?;
        self.sensitive.validate()
    }

    /// The context of an error of this event at this endpoint, before the first attempt.
    pub(crate) fn context(&self, endpoint: Endpoint) -> ErrorContext {
        ErrorContext {
            endpoint: Some(endpoint.name()),
            trigger: self.trigger.clone(),
            transaction_id: Some(self.transaction_id.clone()),
            ..ErrorContext::default()
        }
    }
}
