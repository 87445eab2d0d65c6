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
    /// The batch whose results are being returned.
    current: Batch,
    /// The batches that have ended since.
    ended: VecDeque<Batch>,
}

/// The results of a batch, which follow each other.
#[derive(Default)]
struct Batch {
    /// The position of the next result.
    position: usize,
    results: IntoIter<Result<Receipt>>,
}

impl Results {
    pub(super) fn set_ordered(&mut self) {
        self.is_ordered = true;
    }

    /// Adds the results of a batch whose first event has the position `first`.
    pub(super) fn add(&mut self, first: usize, results: Vec<Result<Receipt>>) {
        self.ended.push_back(Batch { position: first, results: results.into_iter() });
    }

    /// Removes the result that is to be returned next, if there is one.
    pub(super) fn pop(&mut self) -> Option<(usize, Result<Receipt>)> {
        if self.current.results.as_slice().is_empty() {
            self.current = if self.is_ordered {
                // Batches follow each other without a gap.
                let next = self.ended.iter().position(|batch| batch.position == self.current.position)?;
                self.ended.swap_remove_back(next)?
            } else {
                self.ended.pop_front()?
            };
        }
        let (position, result) = (self.current.position, self.current.results.next()?);
        self.current.position += 1;
        Some((position, result))
    }
}
