//! A persistent list: a longer list shares the rest with the shorter one.

use std::rc::Rc;

/// A list. Item 0 is the newest one.
#[derive(Debug)]
pub(super) struct List<T>(Option<Rc<(T, List<T>)>>);

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> List<T> {
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// A list with one more item, in front of the others.
    pub(super) fn with(&self, item: T) -> Self {
        Self(Some(Rc::new((item, self.clone()))))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::successors(self.0.as_deref(), |(_, rest)| rest.0.as_deref()).map(|(item, _)| item)
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.iter().nth(index)
    }
}
