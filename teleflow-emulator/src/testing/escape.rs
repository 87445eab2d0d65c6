//! Escapes the characters with which a text can steer a terminal or disguise itself.

use teleflow_http::sanitize::is_invisible;

/// The text as a part of one line: control and invisible characters are escaped, also line breaks.
pub(super) fn line(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The text with its line breaks. The other control and invisible characters are escaped.
pub(super) fn lines(text: &str) -> String {
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
