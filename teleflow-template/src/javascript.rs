//! What JavaScript's regular expressions match, where Rust's own methods differ.

/// Is this what `\s` matches? U+FEFF is, U+0085 is not.
#[must_use]
pub const fn is_white_space(letter: char) -> bool {
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

/// Is this what `.` does not match?
#[must_use]
pub(crate) const fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Is this what `\w` matches?
#[must_use]
pub(crate) const fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}
