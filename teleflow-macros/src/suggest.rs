//! "Did you mean …?"

/// The candidate that `word` was most likely meant to be, if one is near enough.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            let longer = word.chars().count().max(candidate.chars().count());
            *distance <= (longer / 3).max(1) && *distance < longer
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The names in backquotes: `a`, `b` and `c`.
pub(crate) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// How many characters must be typed, left out or replaced to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // `row[n]` is the distance from what was read of `from` to the first `n` characters of `to`.
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (read, left) in from.chars().enumerate() {
        let mut above_before = read;
        let mut before = read + 1;
        let mut next = vec![before];
        for (right, above) in to.iter().zip(row.iter().skip(1)) {
            let replaced = above_before + usize::from(left != *right);
            before = replaced.min(before + 1).min(above + 1);
            above_before = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest, quoted};

    #[test]
    fn counts_edits() {
        for (from, to, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("trigger", "triger", 1),
            ("kitten", "sitting", 3),
            ("über", "uber", 1),
        ] {
            assert_eq!(distance(from, to), edits, "{from} → {to}");
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
    }

    #[test]
    fn lists_names() {
        assert_eq!(quoted([]), "");
        assert_eq!(quoted(["a"]), "`a`");
        assert_eq!(quoted(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
