//! How a request ended.

use crate::decode::{self, DecodeContext};
use crate::error::{Error, ErrorKind, Fate, Result};
use crate::history::History;
use crate::mismatches::Mismatches;
use crate::receipt::Receipt;
use crate::request::Request;
use crate::retry::End;
use crate::transport::Response;

/// How a request ended.
pub(crate) struct Ended {
    /// The last response, or why there was none. The error is the same for every event.
    pub(super) response: Result<Response>,
    pub(crate) history: History,
    pub(super) mismatches: Mismatches,
}

/// Why the task that sent a request ended early.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aborted {
    RuntimeShutDown,
    Panic,
}

impl Ended {
    pub(super) fn unsent(error: Error, history: History) -> Self {
        Self { response: Err(error), history, mismatches: Mismatches::default() }
    }

    /// The task that sent the request ended early, so it is unknown what the server received.
    pub(crate) fn aborted(reason: Aborted) -> Self {
        let mut history = History::default();
        history.sent();
        let detail = match reason {
            Aborted::RuntimeShutDown => "the tokio runtime was shut down before the request ended",
            Aborted::Panic => "the transport panicked before the request ended",
        };
        Self::unsent(Error::new(ErrorKind::Interrupted, Fate::Unknown, detail), history)
    }

    /// The results of the events of the request, in order.
    pub(crate) fn results(&self, request: &Request) -> Vec<Result<Receipt>> {
        decode::results(&self.response, &self.context(request))
    }

    /// The result of a request of one event.
    pub(crate) fn result(&self, request: &Request) -> Result<Receipt> {
        match request.events() {
            [event] => decode::result(&self.response, &self.context(request), event),
            _ => Err(Error::invalid("the request does not have one event")),
        }
    }

    fn context<'a>(&'a self, request: &'a Request) -> DecodeContext<'a> {
        DecodeContext {
            endpoint: request.endpoint(),
            events: request.events(),
            history: &self.history,
            mismatches: &self.mismatches,
        }
    }

    /// Whether the request costs more than the burst of the rate policy: the server did not process it, and never will.
    pub(crate) fn exceeds_burst(&self) -> bool {
        matches!(self.history.end(), Some(End::Burst(_)))
    }
}
