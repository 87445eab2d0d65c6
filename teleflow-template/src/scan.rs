//! How long the pieces inside a tag are.

use crate::javascript::is_white_space;

/// May a name have this letter?
fn is_in_names(letter: char) -> bool {
    !is_white_space(letter)
        && !matches!(letter, '!' | '"' | '#' | '%'..=',' | '.' | '/' | ';'..='>' | '@' | '['..='^' | '`' | '{'..='~')
}

/// What may follow a name, and a `.` that is a name.
fn ends_name(letter: char) -> bool {
    is_white_space(letter) || matches!(letter, '=' | '~' | '}' | '/' | '.' | ')' | '|')
}

/// What may follow a literal that has no quotes.
fn ends_literal(letter: char) -> bool {
    is_white_space(letter) || matches!(letter, '~' | '}' | ')')
}

/// The text up to the first letter for which this does not hold.
fn while_all(text: &str, holds: impl Fn(char) -> bool) -> &str {
    let end = text.find(|letter| !holds(letter)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The white space at the start.
pub(crate) fn white_space(text: &str) -> &str {
    while_all(text, is_white_space)
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

/// Can a name end at this offset?
pub(crate) fn is_name_ended(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(ends_name))
}

/// Is this keyword at the start, and can a literal end after it?
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

/// The text between an opening letter and the closing one: the first that no backslash precedes, or else the last.
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
