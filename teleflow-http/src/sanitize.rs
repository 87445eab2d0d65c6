//! Makes texts of others safe to show in a log or a terminal.

/// The longest result, in characters.
const LONGEST: usize = 500;

/// Escapes control and invisible characters, and cuts the result at 500 characters.
#[must_use]
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST));
    let mut length = 0;
    for character in text.chars() {
        let start = shown.len();
        if is_invisible(character) {
            shown.extend(character.escape_default());
            // An escape is ASCII.
            length += shown.len() - start;
        } else {
            shown.push(character);
            length += 1;
        }
        if length > LONGEST {
            shown.truncate(start);
            shown.push('…');
            break;
        }
    }
    shown
}

/// Returns whether a character is a control character, or an invisible one that can reorder or disguise others.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn escapes_what_steers_a_terminal_and_cuts_what_is_long() {
        assert_eq!(text("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(text("x\u{202e}\u{61c}\u{200b}y ü"), "x\\u{202e}\\u{61c}\\u{200b}y ü");
        assert_eq!(text(&"x".repeat(500)), "x".repeat(500));
        assert_eq!(text(&"x".repeat(501)), "x".repeat(500) + "…");
        assert_eq!(text(&"\n".repeat(251)), "\\n".repeat(250) + "…");
    }
}
