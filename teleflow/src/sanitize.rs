//! Texts of others, made fit for one line of a log.

/// The longest part of a server's text that is kept, in characters.
const LONGEST: usize = 500;

/// `text` with its control characters escaped, cut at 500 characters of what is shown.
pub(crate) fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST));
    let mut length = 0;
    for character in text.chars() {
        let start = shown.len();
        match character {
            // What could forge a line of a log or turn its direction: controls, and the invisible
            // characters that reorder text.
            '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.extend(character.escape_unicode());
                // An escape is ASCII.
                length += shown.len() - start;
            }
            character if character.is_control() => {
                shown.extend(character.escape_default());
                length += shown.len() - start;
            }
            character => {
                shown.push(character);
                length += 1;
            }
        }
        if length > LONGEST {
            shown.truncate(start);
            shown.push('…');
            break;
        }
    }
    shown
}
