//! Finds the end of names and literals inside a tag.

use crate::javascript::is_whitespace;

/// Returns whether a name may have this character.
fn is_in_names(letter: char) -> bool {
    !is_whitespace(letter)
        && !matches!(letter, '!' | '"' | '#' | '%'..=',' | '.' | '/' | ';'..='>' | '@' | '['..='^' | '`' | '{'..='~')
}

/// Returns whether this character may follow a name, or a `.` that is a name.
fn ends_name(letter: char) -> bool {
    is_whitespace(letter) || matches!(letter, '=' | '~' | '}' | '/' | '.' | ')' | '|')
}

/// Returns whether this character may follow a literal without quotes.
fn ends_literal(letter: char) -> bool {
    is_whitespace(letter) || matches!(letter, '~' | '}' | ')')
}

/// The longest start of the text whose characters satisfy the predicate.
fn while_all(text: &str, predicate: impl Fn(char) -> bool) -> &str {
    let end = text.find(|letter| !predicate(letter)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The whitespace at the start.
pub(crate) fn whitespace(text: &str) -> &str {
    while_all(text, is_whitespace)
}

/// The letters that a name may have, at the start.
pub(crate) fn name_letters(text: &str) -> &str {
    while_all(text, is_in_names)
}

/// The name at the start.
pub(crate) fn name(text: &str) -> Option<&str> {
    let name = name_letters(text);
    (!name.is_empty() && is_name_ended(text, name.len())).then_some(name)
}

/// Returns whether a name may end at this offset.
pub(crate) fn is_name_ended(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(ends_name))
}

/// Returns whether the text starts with this keyword, and a literal may end after it.
pub(crate) fn is_keyword(text: &str, keyword: &str) -> bool {
    text.strip_prefix(keyword).is_some_and(|rest| rest.starts_with(ends_literal))
}

/// The number at the start.
pub(crate) fn number(text: &str) -> Option<&str> {
    let digits = |text: &str| while_all(text, |letter| letter.is_ascii_digit()).len();
    let sign = usize::from(text.starts_with('-'));
    let whole = sign + digits(text.get(sign..)?);
    if whole == sign {
        return None;
    }
    let fraction = text.get(whole..)?.strip_prefix('.').map_or(0, digits);
    let end = if fraction == 0 { whole } else { whole + 1 + fraction };
    let (number, rest) = text.split_at_checked(end)?;
    rest.starts_with(ends_literal).then_some(number)
}

/// The text between delimiters. The end is the first closing character without a backslash before it, or else the last one.
pub(crate) fn delimited(text: &str, close: char) -> Option<&str> {
    let inner = text.get(1..)?;
    let mut last = None;
    for (at, _) in inner.match_indices(close) {
        let before = inner.get(..at)?;
        last = Some(before);
        if !before.ends_with('\\') {
            break;
        }
    }
    last
}
