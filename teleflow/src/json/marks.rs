//! Values that are marked as sensitive while they are serialized.

use std::cell::Cell;
use std::ops::Range;

use serde::{Serialize, Serializer};

/// The name of the newtype as which a marked value is serialized. JSON does not show it.
const NAME: &str = "$teleflow::sensitive";

thread_local! {
    /// How many values this thread has marked.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// Serializes `value`, marked as sensitive.
pub(crate) fn mark<T: Serialize + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    COUNT.set(count().wrapping_add(1));
    serializer.serialize_newtype_struct(NAME, value)
}

/// Whether a newtype with this name is a marked value.
#[inline]
pub(super) fn is_mark(name: &'static str) -> bool {
    name == NAME
}

/// How many values this thread has marked.
pub(super) fn count() -> usize {
    COUNT.get()
}

/// The marked values in the JSON of an object.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The bytes of each value, in the order in which they end.
    pub(super) ranges: Vec<Range<usize>>,
    /// Some marked values did not reach this serializer as marked, for example because serde flattens them.
    pub(super) are_incomplete: bool,
}
