//! The results that have not been returned yet, in the order in which they will be.

use std::collections::VecDeque;

use crate::error::Result;
use crate::receipt::Receipt;

/// The results that have not been returned yet.
pub(super) enum Results {
    /// In the order in which the requests ended.
    AsEnded(VecDeque<(usize, Result<Receipt>)>),
    /// In the order of the source.
    Ordered {
        /// The position of the next result.
        next: usize,
        /// The results from there on. `None` for an event that has no result yet.
        results: VecDeque<Option<Result<Receipt>>>,
    },
}

impl Results {
    /// Adds the results of events in a row, the first with the position `first`.
    pub(super) fn extend(&mut self, first: usize, of_batch: Vec<Result<Receipt>>) {
        match self {
            Self::AsEnded(ended) => ended.extend((first..).zip(of_batch)),
            Self::Ordered { next, results } => {
                let start = first.saturating_sub(*next);
                if results.len() < start + of_batch.len() {
                    results.resize_with(start + of_batch.len(), || None);
                }
                for (slot, result) in results.iter_mut().skip(start).zip(of_batch) {
                    *slot = Some(result);
                }
            }
        }
    }

    /// Removes the result that is to be returned next, if there is one.
    pub(super) fn pop(&mut self) -> Option<(usize, Result<Receipt>)> {
        match self {
            Self::AsEnded(ended) => ended.pop_front(),
            Self::Ordered { next, results } => {
                let result = results.pop_front_if(|result| result.is_some())??;
                let position = *next;
                *next += 1;
                Some((position, result))
            }
        }
    }
}
