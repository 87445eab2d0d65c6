//! Escapes HTML.

/// Escapes a text as handlebars.js does.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        escaped.push_str(match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => APOSTROPHE,
            '`' => "&#x60;",
            '=' => "&#x3D;",
            _ => {
                escaped.push(letter);
                continue;
            }
        });
    }
    escaped
}

/// An escaped apostrophe. The server replaces all of them in the rendered text, whatever they come from.
pub(super) const APOSTROPHE: &str = "&#x27;";
