//! Names of struct fields that need no check, because they have passed it before.
//!
//! A struct has the same names in every element of an array and in every event. To check and to escape them each time cost a
//! third of a bulk.

use std::cell::Cell;
use std::ptr;

/// The names whose addresses have the same hash, the one that was added last first.
type Bucket = [Cell<&'static str>; 2];

const BITS: u32 = 7;

thread_local! {
    static KNOWN: [Bucket; 1 << BITS] = const { [const { [const { Cell::new("") }; 2] }; 1 << BITS] };
}

/// Whether this name has been added. As it is static, its address identifies its text.
#[inline]
pub(super) fn is_known(name: &'static str) -> bool {
    KNOWN.with(|known| bucket(known, name).iter().any(|slot| ptr::eq(slot.get(), name)))
}

/// Adds a name. The bucket forgets the one before the last.
pub(super) fn add(name: &'static str) {
    KNOWN.with(|known| {
        let [last, before] = bucket(known, name);
        before.set(last.replace(name));
    });
}

#[inline]
fn bucket<'k>(known: &'k [Bucket; 1 << BITS], name: &str) -> &'k Bucket {
    // Fibonacci hashing: names are close to each other in memory, and must not share a bucket.
    const FACTOR: u32 = 0x9e37_79b9;
    #[expect(clippy::cast_possible_truncation, reason = "the upper bits are the same for most names")]
    let hash = ((name.as_ptr().addr() ^ name.len()) as u32).wrapping_mul(FACTOR) >> (u32::BITS - BITS);
    let [first, ..] = known;
    known.get(hash as usize).unwrap_or(first)
}
