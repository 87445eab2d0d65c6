//! How many messages a relay claims for each batch that it can send.

/// The most events of a bulk.
const MAX_EVENTS: usize = 100;
/// The most messages of one claim. The first of them are sent while the next claim runs, and other relays get some too.
const MAX_CLAIM: usize = 500;

/// An estimate of the messages that are sent together.
///
/// It starts at one and at most doubles, so that a relay does not claim many large messages before it has seen some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClaimSize(usize);

impl Default for ClaimSize {
    fn default() -> Self {
        Self(1)
    }
}

impl ClaimSize {
    /// The number of messages to claim for this many batches.
    pub(crate) fn of(self, batches: usize) -> usize {
        batches.saturating_mul(self.0).min(MAX_CLAIM)
    }

    /// Updates the estimate: this many messages were claimed, which are sent in this many batches.
    pub(crate) fn update(&mut self, messages: usize, batches: usize) {
        if let Some(messages_per_batch) = messages.checked_div(batches) {
            self.0 = messages_per_batch.saturating_mul(2).clamp(1, MAX_EVENTS);
        }
    }
}
