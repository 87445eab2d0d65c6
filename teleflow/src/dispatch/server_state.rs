//! The state of the server as a client has observed it: whether idempotency keys work, the rate policy, the retry budget.

use std::sync::atomic::{AtomicBool, Ordering};

use http::HeaderName;

use crate::decode;
use crate::mismatches::Mismatches;
use crate::rate_policy::{CostClass, RatePolicy};
use crate::request::{Endpoint, Request};
use crate::retry::Outcome;
use crate::retry_budget::RetryBudget;
use crate::transport::{AttemptFailure, IDEMPOTENCY_KEY, Response, TransportError};

/// A response has it if it comes from the server's idempotency cache.
static IDEMPOTENCY_REPLAY: HeaderName = HeaderName::from_static("idempotency-replay");

/// The state of the server as a client has observed it in the responses to all of its requests.
#[derive(Debug, Default)]
pub(super) struct ServerState {
    pub(super) budget: RetryBudget,
    /// The server acts on idempotency keys: it has echoed one or replayed a response.
    keys_work: AtomicBool,
    pub(super) rate_policy: RatePolicy,
    pub(super) mismatches: Mismatches,
}

impl ServerState {
    /// Classifies the result of an attempt for the retry policy, and updates the state from the response.
    pub(super) fn classify(&self, request: &Request, result: &Result<Response, TransportError>) -> Outcome {
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                return match error.failure() {
                    AttemptFailure::Connect => Outcome::NotConnected,
                    AttemptFailure::Interrupted | AttemptFailure::TimedOut(_) => Outcome::NoResponse,
                    AttemptFailure::Unreadable(_) | AttemptFailure::Unsendable => Outcome::Permanent,
                };
            }
        };
        let key = response.header(&IDEMPOTENCY_KEY);
        let echoed = key.is_some() && key == request.idempotency_key();
        let replayed = response.header(&IDEMPOTENCY_REPLAY).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if echoed || replayed {
            self.keys_work.store(true, Ordering::Relaxed);
        }
        let retry_after = decode::retry_after(response);
        self.rate_policy.update(CostClass::of(request.endpoint()), response, retry_after);
        Outcome::Response { status: response.status(), retry_after, echoed, replayed }
    }

    /// Whether the server has shown that it acts on idempotency keys.
    pub(super) fn keys_work(&self) -> bool {
        self.keys_work.load(Ordering::Relaxed)
    }

    /// The burst of the rate policy, if a request to this endpoint costs more.
    pub(super) fn exceeded_burst(&self, endpoint: Endpoint) -> Option<u32> {
        self.rate_policy.exceeded_burst(CostClass::of(endpoint))
    }
}
