//! Faults at random, reproducible by a seed.

use std::collections::HashMap;

use super::fault::{Fault, RequestInfo};

/// Random faults. The same seed gives the same faults if requests are sent one after the other.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, RandomFaults, Reply};
///
/// let emulator = Emulator::new();
/// emulator.faults().random(
///     RandomFaults::new(7).probability(0.1).max_consecutive(2).faults([Fault::CloseAfter, Fault::Reply(Reply::new(502))]),
/// );
/// ```
#[derive(Debug, Clone)]
#[must_use = "pass it to `Faults::random`"]
pub struct RandomFaults {
    state: u64,
    probability: f64,
    max_consecutive: u32,
    faults: Vec<Fault>,
    consecutive: HashMap<String, u32>,
}

impl RandomFaults {
    /// Creates random faults with a probability of 0.1, and no faults to choose from yet.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            probability: 0.1,
            max_consecutive: u32::MAX,
            faults: Vec::new(),
            consecutive: HashMap::new(),
        }
    }

    /// Sets the probability that a request has a fault, from 0 to 1.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Limits how many consecutive attempts of one request may have a fault.
    ///
    /// Attempts belong to the same request if they have the same `Idempotency-Key`, or the same path and no key.
    pub fn max_consecutive(mut self, max: u32) -> Self {
        self.max_consecutive = max;
        self
    }

    /// Adds faults to choose from, with equal probability. A fault that is added twice is chosen twice as often.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    pub(crate) fn choose(&mut self, request: &RequestInfo) -> Option<Fault> {
        let (chance, which) = (self.next(), self.next());
        // The upper 53 bits as a fraction.
        let is_chosen = ((chance >> 11) as f64) / ((1_u64 << 53) as f64) < self.probability;
        let consecutive = self.consecutive.get(request.request_id()).copied().unwrap_or(0);
        let count = u64::try_from(self.faults.len()).unwrap_or(u64::MAX);
        let index = which.checked_rem(count).and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.faults.get(index)) {
            Some(fault) if is_chosen && consecutive < self.max_consecutive => {
                self.consecutive.insert(request.request_id().to_owned(), consecutive + 1);
                Some(fault.clone())
            }
            _ => {
                self.consecutive.remove(request.request_id());
                None
            }
        }
    }

    /// The next number of SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
