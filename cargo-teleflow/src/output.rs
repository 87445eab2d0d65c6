//! The only writer of the standard output and the standard error.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// What is shown of a text of others.
const LONGEST: usize = 500;

/// Writes to the standard output. A reader who has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Refused(format!("the standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes one line to the standard error: `warning: …`, `error: …`.
pub(crate) fn complain(grade: &str, message: &str) {
    // There is nobody left to tell if it fails.
    let _ = writeln!(io::stderr().lock(), "{grade}: {message}");
}

/// A text of the server or of a file, such that it cannot steer a terminal or a log: on one line, and not too long.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).map(harmless).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn harmless(letter: char) -> String {
    if is_unseen(letter) { letter.escape_default().to_string() } else { letter.to_string() }
}

/// Control characters, and those that change the order or the look of others without being seen.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_steers_terminals_is_escaped_and_what_is_long_is_cut() {
        assert_eq!(shown("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(shown("x\u{202e}y ü"), "x\\u{202e}y ü");
        assert_eq!(shown(&"x".repeat(501)), "x".repeat(500) + "…");
    }
}
