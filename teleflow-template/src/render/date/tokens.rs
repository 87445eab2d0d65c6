//! Splits the pattern of a date into tokens.

use crate::javascript::is_line_end;

/// The length of a quoted text at the start: up to a single quote that is not doubled, or the end.
fn quoted(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let mut letters = inner.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_none() {
            // A text has at least one letter.
            return (at > 0).then_some(at + 2);
        }
    }
    (!inner.is_empty()).then_some(text.len())
}

/// The number of letters at the start that are the same as the first.
fn run(text: &str) -> usize {
    let first = text.chars().next();
    text.chars().take_while(|letter| Some(*letter) == first).count()
}

/// Splits a pattern. `word`: the length of the word at the start, if there is one.
fn split(pattern: &str, word: impl Fn(&str) -> Option<usize>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = match word(rest) {
            Some(length) => length,
            None if rest.starts_with("''") => 2,
            None => quoted(rest).unwrap_or(first.len_utf8()),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        // No part of the regular expression matches a line end.
        if !is_line_end(first) {
            found.push(token);
        }
        rest = after;
    }
    found
}

/// The tokens of a pattern: runs of one letter, ordinals such as `do`, quoted texts, and single characters.
pub(super) fn tokens(pattern: &str) -> Vec<&str> {
    split(pattern, |rest| {
        let first = rest.chars().next()?;
        let is_ordinal =
            "yYQqMLwIdDecihHKkms".contains(first) && rest.get(1..).is_some_and(|rest| rest.starts_with('o'));
        let is_word = first.is_ascii_alphanumeric() || first == '_';
        if is_ordinal { Some(2) } else { is_word.then(|| run(rest)) }
    })
}

/// Replaces `P`, `p` and their longer forms with the pattern that they mean.
pub(super) fn expand_long_formats(pattern: &str) -> String {
    let parts = split(pattern, |rest| {
        let first = rest.chars().next().filter(|first| matches!(first, 'P' | 'p'))?;
        let length = run(rest);
        let time = rest.get(length..).filter(|time| first == 'P' && time.starts_with('p'));
        Some(length + time.map_or(0, run))
    });
    parts.into_iter().map(long_format).collect()
}

fn long_format(part: &str) -> String {
    if !part.starts_with(['P', 'p']) {
        return part.to_owned();
    }
    let date_length = part.chars().take_while(|letter| *letter == 'P').count();
    let date = match date_length {
        1 => "MM/dd/yyyy",
        2 => "MMM d, y",
        3 => "MMMM do, y",
        _ => "EEEE, MMMM do, y",
    };
    let time = match part.len() - date_length {
        1 => "h:mm a",
        2 => "h:mm:ss a",
        3 => "h:mm:ss a z",
        _ => "h:mm:ss a zzzz",
    };
    match (date_length, part.len() - date_length) {
        (0, _) => time.to_owned(),
        (_, 0) => date.to_owned(),
        (1 | 2, _) => format!("{date}, {time}"),
        _ => format!("{date} 'at' {time}"),
    }
}

/// The text in a quoted token.
pub(super) fn unquote(token: &str) -> String {
    if token == "''" {
        return "'".to_owned();
    }
    let inner = token.strip_prefix('\'').unwrap_or(token);
    inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'")
}
