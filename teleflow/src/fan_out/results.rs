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
    pub(super) fn push(&mut self, position: usize, result: Result<Receipt>) {
        match self {
            Self::AsEnded(ended) => ended.push_back((position, result)),
            Self::Ordered { next, results } => {
                let index = position.saturating_sub(*next);
                if results.len() <= index {
                    results.resize_with(index + 1, || None);
                }
                if let Some(slot) = results.get_mut(index) {
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

    pub(super) fn can_pop(&self) -> bool {
        match self {
            Self::AsEnded(ended) => !ended.is_empty(),
            Self::Ordered { results, .. } => results.front().is_some_and(Option::is_some),
        }
    }
}
