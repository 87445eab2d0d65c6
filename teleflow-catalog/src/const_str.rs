//! Comparisons of strings that can be evaluated in a constant.

/// Returns whether `name` is one of `names`.
pub(crate) const fn contains(names: &[&str], name: &str) -> bool {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first, name) {
            return true;
        }
        rest = others;
    }
    false
}

/// `left == right`, but in a `const fn`.
// Names often start alike, so comparing from the end needs fewer steps. Evaluation of constants is slow.
pub(crate) const fn is_same(left: &str, right: &str) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while let ([left_rest @ .., a], [right_rest @ .., b]) = (left, right) {
        if *a != *b {
            return false;
        }
        (left, right) = (left_rest, right_rest);
    }
    true
}
