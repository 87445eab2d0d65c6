//! Records whether a part of a request may have been sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a part of a request may have been sent.
///
/// An HTTP client reads the body only after it has connected, through TLS and a proxy's tunnel. Until then the server
/// cannot have received the request.
#[derive(Debug, Clone, Default)]
pub(super) struct SentFlag(Arc<AtomicBool>);

impl SentFlag {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
