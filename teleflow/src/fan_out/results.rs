//! The results that have not been returned yet, in the order in which they will be.

use std::collections::VecDeque;
use std::vec::IntoIter;

use crate::error::Result;
use crate::receipt::Receipt;

/// The results that have not been returned yet.
#[derive(Default)]
pub(super) struct Results {
    /// In the order of the source, not in that in which the batches ended.
    is_ordered: bool,
    /// Those of the batch whose results are being returned.
    current: BatchResults,
    /// Those of the batches that have ended since.
    ended: VecDeque<BatchResults>,
}

/// The results of the events of a batch, in order.
#[derive(Default)]
pub(super) struct BatchResults {
    /// The position of the next result.
    position: usize,
    results: IntoIter<Result<Receipt>>,
}

impl BatchResults {
    /// The first event of the batch has the position `first`.
    pub(super) fn new(first: usize, results: Vec<Result<Receipt>>) -> Self {
        Self { position: first, results: results.into_iter() }
    }

    fn is_empty(&self) -> bool {
        self.results.as_slice().is_empty()
    }
}

impl Results {
    pub(super) fn set_ordered(&mut self) {
        self.is_ordered = true;
    }

    pub(super) fn add(&mut self, results: BatchResults) {
        self.ended.push_back(results);
    }

    /// Whether [`pop`](Self::pop) would return a result. If not, all results are held back by those of an earlier batch.
    pub(super) fn is_ready(&self) -> bool {
        !self.current.is_empty() || self.next_ended().is_some()
    }

    /// Removes the result that is to be returned next, if there is one.
    pub(super) fn pop(&mut self) -> Option<(usize, Result<Receipt>)> {
        if self.current.is_empty() {
            self.current = self.ended.swap_remove_front(self.next_ended()?)?;
        }
        let (position, result) = (self.current.position, self.current.results.next()?);
        self.current.position += 1;
        Some((position, result))
    }

    /// Which of the batches that have ended follows the current one.
    fn next_ended(&self) -> Option<usize> {
        if !self.is_ordered {
            return (!self.ended.is_empty()).then_some(0);
        }
        // Batches follow each other without a gap.
        self.ended.iter().position(|batch| batch.position == self.current.position)
    }
}
