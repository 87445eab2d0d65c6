//! The ids that identify an event of a request.

use serde::{Deserialize, Serialize};

use super::endpoint::Endpoint;
use crate::error::ErrorContext;
use crate::id::{TransactionId, TriggerId};
use crate::invalid::Invalid;

/// The ids of one event of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventId {
    /// `None` in a request that cancels an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trigger: Option<TriggerId>,
    pub(crate) transaction_id: TransactionId,
}

impl EventId {
    /// # Errors
    ///
    /// If the server would misread one of the ids.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        self.trigger.as_ref().map_or(Ok(()), TriggerId::validate)?;
        self.transaction_id.validate()
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
