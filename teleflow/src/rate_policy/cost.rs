//! The cost of a request, in tokens of the server's rate limit.

use crate::request::Endpoint;

/// Requests of the same cost. The server refuses and admits them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CostClass {
    Single,
    Bulk,
}

impl CostClass {
    pub(crate) fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::Trigger | Endpoint::Cancel => Self::Single,
            Endpoint::Bulk | Endpoint::Broadcast => Self::Bulk,
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Single => Self::Bulk,
            Self::Bulk => Self::Single,
        }
    }

    /// The cost of one request, whatever the number of its events.
    // Source: `apiRateLimits.ts`.
    pub(crate) fn tokens(self) -> u32 {
        match self {
            Self::Single => 1,
            Self::Bulk => 100,
        }
    }
}
