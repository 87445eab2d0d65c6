//! Remembers that a response belonged to another request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a mismatch counts. The pool closes idle connections earlier, so no connection of that time is left.
const EXPIRY: Duration = Duration::from_secs(60);

/// When a response last named another event than the one that was sent.
///
/// On a connection that is kept open, every later response may belong to another request too. Until the mismatch expires,
/// a response counts only if it names its event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mismatches(Arc<Mutex<Option<Instant>>>);

impl Mismatches {
    /// Records that a response named another event.
    pub(crate) fn record(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a response that does not name its event may belong to another request.
    pub(crate) fn is_recent(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|seen| seen.elapsed() < EXPIRY)
    }
}
