//! Comparisons of strings that a constant can evaluate.

/// Is `name` one of these?
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

/// `left == right`, which no constant can say.
///
/// From the end, since names often begin alike; evaluating constants is slow.
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
