//! Faults at random, reproducible by a seed.

use std::collections::HashMap;

use super::fault::{Fault, Seen};

/// Faults at random, the same ones for the same seed as long as requests come one after the other.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, Random, Reply};
///
/// let emulator = Emulator::new();
/// emulator.faults().random(
///     Random::new(7).share(0.1).most_in_a_row(2).of([Fault::CloseAfter, Fault::Reply(Reply::new(502))]),
/// );
/// ```
#[derive(Debug, Clone)]
#[must_use = "hand it to `Faults::random`"]
pub struct Random {
    state: u64,
    share: f64,
    most_in_a_row: u32,
    faults: Vec<Fault>,
    in_a_row: HashMap<String, u32>,
}

impl Random {
    /// No faults yet, and a tenth of all requests to have them.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, share: 0.1, most_in_a_row: u32::MAX, faults: Vec::new(), in_a_row: HashMap::new() }
    }

    /// The share of requests with which something goes wrong, from 0 to 1.
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// How many attempts of one request in a row may meet a fault. Attempts belong together that have the same
    /// `Idempotency-Key`, or the same path where they have none.
    pub fn most_in_a_row(mut self, most: u32) -> Self {
        self.most_in_a_row = most;
        self
    }

    /// The faults to choose from, all alike. One listed twice comes twice as often.
    pub fn of(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    pub(crate) fn choose(&mut self, request: &Seen) -> Option<Fault> {
        let (hit, which) = (self.next(), self.next());
        // The upper 53 bits, as a fraction.
        let is_hit = ((hit >> 11) as f64) / ((1_u64 << 53) as f64) < self.share;
        let met = self.in_a_row.get(request.identity()).copied().unwrap_or(0);
        let count = u64::try_from(self.faults.len()).unwrap_or(u64::MAX);
        let index = which.checked_rem(count).and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.faults.get(index)) {
            Some(fault) if is_hit && met < self.most_in_a_row => {
                self.in_a_row.insert(request.identity().to_owned(), met + 1);
                Some(fault.clone())
            }
            _ => {
                self.in_a_row.remove(request.identity());
                None
            }
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
