//! "Did you mean …?"

/// The most bytes of a word that is compared: a longer one is near to nothing.
const LONGEST: usize = 64;

/// The candidate that `word` was most likely meant to be, if one is near enough.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter_map(|candidate| Some((nearness(word, candidate)?, candidate)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The distance of two words, if it is small for their length. Case, `_` and `-` count for nothing.
const fn nearness(left: &str, right: &str) -> Option<usize> {
    let (Some(left), Some(right)) = (Letters::of(left), Letters::of(right)) else {
        return None;
    };
    let longer = if left.length > right.length { left.length } else { right.length };
    let allowed = if longer / 3 > 1 { longer / 3 } else { 1 };
    if left.length.abs_diff(right.length) > allowed {
        return None;
    }
    let distance = distance(left.as_slice(), right.as_slice());
    if distance <= allowed && (distance < longer || longer == 0) { Some(distance) } else { None }
}

/// A word's letters, as far as they tell it from others.
struct Letters {
    letters: [u8; LONGEST],
    length: usize,
}

impl Letters {
    const fn of(word: &str) -> Option<Self> {
        let mut letters = [0; LONGEST];
        let mut length = 0;
        let mut rest = word.as_bytes();
        while let [first, others @ ..] = rest {
            rest = others;
            if matches!(*first, b'_' | b'-') {
                continue;
            }
            let (_, room) = letters.split_at_mut(length);
            match room {
                [slot, ..] => *slot = first.to_ascii_lowercase(),
                [] => return None,
            }
            length += 1;
        }
        Some(Self { letters, length })
    }

    const fn as_slice(&self) -> &[u8] {
        self.letters.split_at(self.length).0
    }
}

/// How many letters must be typed, left out or replaced to get from one word to the other.
#[expect(clippy::indexing_slicing, reason = "constants have no iterators, and the row has room for the longest word")]
const fn distance(from: &[u8], to: &[u8]) -> usize {
    // `row[n]` is the distance from what was read of `from` to the first `n` letters of `to`.
    let mut row = [0; LONGEST + 1];
    let mut column = 0;
    while column <= to.len() {
        row[column] = column;
        column += 1;
    }
    let mut line = 0;
    while line < from.len() {
        let mut above_before = row[0];
        row[0] = line + 1;
        let mut column = 0;
        while column < to.len() {
            let above = row[column + 1];
            let mut least = above_before + (from[line] != to[column]) as usize;
            if row[column] + 1 < least {
                least = row[column] + 1;
            }
            if above + 1 < least {
                least = above + 1;
            }
            row[column + 1] = least;
            above_before = above;
            column += 1;
        }
        line += 1;
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        for (from, to, edits) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("trigger", "triger", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(from.as_bytes(), to.as_bytes()), edits, "{from} → {to}");
        }
    }

    #[test]
    fn suggests_what_is_near_and_nothing_else() {
        let keys = ["trigger", "transaction_id", "crate"];
        assert_eq!(nearest("triger", keys), Some("trigger"));
        assert_eq!(nearest("transactionId", keys), Some("transaction_id"));
        assert_eq!(nearest("workflow", keys), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("too", ["to"]), Some("to"));
        assert_eq!(nearest(&"x".repeat(65), ["x"]), None);
    }
}
