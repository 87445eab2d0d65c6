//! "Did you mean …?"

/// The longest word that is compared, in bytes.
const LONGEST: usize = 64;

/// The candidate that is most similar to `word`, if one is similar enough to be suggested.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similar = candidates.into_iter().filter_map(|candidate| Some((small_distance(word, candidate)?, candidate)));
    similar.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The edit distance of two words, if it is small for their length. Case, `_` and `-` are ignored.
fn small_distance(left: &str, right: &str) -> Option<usize> {
    let (left, right) = (significant(left)?, significant(right)?);
    let longer = left.len().max(right.len());
    let allowed = (longer / 3).max(1);
    if left.len().abs_diff(right.len()) > allowed {
        return None;
    }
    let distance = distance(&left, &right);
    (distance <= allowed && (distance < longer || longer == 0)).then_some(distance)
}

/// The bytes of a word that are compared; `None` if there are too many.
fn significant(word: &str) -> Option<Vec<u8>> {
    let letters = word.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    let letters: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).take(LONGEST + 1).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// The Levenshtein distance: how many bytes must be inserted, removed or replaced.
#[expect(clippy::indexing_slicing, reason = "`row` has one element more than `to`")]
fn distance(from: &[u8], to: &[u8]) -> usize {
    // The distances from the bytes of `from` read so far to each start of `to`.
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.iter().enumerate() {
        let mut left = index + 1;
        let mut diagonal = std::mem::replace(&mut row[0], left);
        for (column, other) in to.iter().enumerate() {
            let above = row[column + 1];
            left = (diagonal + usize::from(letter != other)).min(left + 1).min(above + 1);
            diagonal = std::mem::replace(&mut row[column + 1], left);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distance_counts_edits() {
        for (from, to, edits) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("trigger", "triger", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(from.as_bytes(), to.as_bytes()), edits, "{from} → {to}");
        }
    }

    #[test]
    fn only_similar_words_are_suggested() {
        let keys = ["trigger", "transaction_id", "crate"];
        assert_eq!(nearest("triger", keys), Some("trigger"));
        assert_eq!(nearest("transactionId", keys), Some("transaction_id"));
        assert_eq!(nearest("workflow", keys), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("too", ["to"]), Some("to"));
        assert_eq!(nearest(&"x".repeat(65), ["x"]), None);
    }
}
