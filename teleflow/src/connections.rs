//! Whether responses belong to the requests that they follow.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long responses without an id are doubted after one that named another event. The pool gives up idle connections
/// before that, so no connection of that time is left.
const EXPIRY: Duration = Duration::from_secs(60);

/// When a response last named another event than the one that was sent.
///
/// On a kept connection every response after it may belong to another request, too: what it says of an event, without
/// naming it, is then not known to be about that event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<Option<Instant>>>);

impl Connections {
    /// A response named another event.
    pub(crate) fn note_mismatch(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a response that does not name its event may belong to another request.
    pub(crate) fn may_be_mismatched(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|seen| seen.elapsed() < EXPIRY)
    }
}
