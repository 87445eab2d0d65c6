//! Character classes of JavaScript's regular expressions that differ from Rust's methods.

/// Returns whether `\s` matches: it matches U+FEFF, but not U+0085.
#[must_use]
pub const fn is_whitespace(letter: char) -> bool {
    matches!(
        letter,
        '\t'..='\r'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// Returns whether `.` does not match.
#[must_use]
pub(crate) const fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Returns whether `\w` matches.
#[must_use]
pub(crate) const fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}
