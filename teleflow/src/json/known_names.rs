//! Names of struct fields that need no check, because they have passed it before.
//!
//! A struct has the same names in every element of an array and in every event. To check and to escape them each time cost a
//! third of a bulk.

use std::cell::Cell;
use std::ptr;

/// Names beyond this number replace each other.
const SLOTS: usize = 64;

thread_local! {
    static KNOWN: [Cell<&'static str>; SLOTS] = const { [const { Cell::new("") }; SLOTS] };
}

/// Whether this name has been added. As it is static, its address identifies its text.
#[inline]
pub(super) fn is_known(name: &'static str) -> bool {
    KNOWN.with(|known| slot(known, name).is_some_and(|slot| ptr::eq(slot.get(), name)))
}

pub(super) fn add(name: &'static str) {
    KNOWN.with(|known| {
        if let Some(slot) = slot(known, name) {
            slot.set(name);
        }
    });
}

#[inline]
fn slot<'k>(known: &'k [Cell<&'static str>; SLOTS], name: &str) -> Option<&'k Cell<&'static str>> {
    known.get((name.as_ptr().addr() ^ name.len()) % SLOTS)
}
