//! Sorts as V8 does, also if the comparison is not an order.

use std::cmp::Ordering;

use super::super::error::RenderError;
use super::super::value::Value;

/// V8 merges sorted runs of lists that are longer.
const LONGEST_RUN: usize = 64;

/// Sorts a list. The sort is stable.
///
/// The comparison may not be an order: missing values are equal to all. Then the result depends on which values are
/// compared. For fewer than 64 items, these are the same as in V8.
pub(super) fn sort(
    items: &mut [Value],
    mut compare: impl FnMut(&Value, &Value) -> Result<Ordering, RenderError>,
) -> Result<(), RenderError> {
    if items.len() < LONGEST_RUN {
        return insert_all(items, &mut compare);
    }
    merge_sort(items, &mut compare)
}

fn merge_sort<F>(items: &mut [Value], compare: &mut F) -> Result<(), RenderError>
where
    F: FnMut(&Value, &Value) -> Result<Ordering, RenderError>,
{
    if items.len() < LONGEST_RUN {
        return insert_all(items, compare);
    }
    let (left, right) = items.split_at_mut(items.len() / 2);
    merge_sort(left, compare)?;
    merge_sort(right, compare)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if compare(second, first)?.is_lt() { right.next() } else { left.next() };
        merged.extend(next.cloned());
    }
    merged.extend(left.chain(right).cloned());
    items.clone_from_slice(&merged);
    Ok(())
}

/// Finds the sorted run at the start, and inserts all others.
fn insert_all<F>(items: &mut [Value], compare: &mut F) -> Result<(), RenderError>
where
    F: FnMut(&Value, &Value) -> Result<Ordering, RenderError>,
{
    let [first, second, rest @ ..] = &*items else { return Ok(()) };
    let is_descending = compare(second, first)?.is_lt();
    let mut run = 2;
    let mut previous = second;
    for item in rest {
        if compare(item, previous)?.is_lt() != is_descending {
            break;
        }
        previous = item;
        run += 1;
    }
    if is_descending && let Some(run) = items.get_mut(..run) {
        run.reverse();
    }
    for at in run..items.len() {
        let (mut low, mut high) = (0, at);
        while low < high {
            let middle = low + (high - low) / 2;
            let (Some(item), Some(other)) = (items.get(at), items.get(middle)) else { break };
            if compare(item, other)?.is_lt() { high = middle } else { low = middle + 1 }
        }
        if let Some(moved) = items.get_mut(low..=at) {
            moved.rotate_right(1);
        }
    }
    Ok(())
}
