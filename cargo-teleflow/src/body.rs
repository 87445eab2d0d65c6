//! JSON of the server → a value, also where serde_json reads it only in part.

use serde::de::IgnoredAny;
use serde_json::Value;

/// The deepest nesting that is kept. serde_json reads 127 levels, and a catalog's file needs some for itself.
pub(crate) const DEEPEST: usize = 100;

/// The value, `None` for what is not JSON, and whether parts of it were replaced with `null` because they are nested too
/// deeply.
///
/// Halves of surrogate pairs become U+FFFD, as a browser shows them: Rust's strings cannot hold them.
pub(crate) fn read(bytes: &[u8]) -> (Option<Value>, bool) {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return (Some(value), false);
    }
    // This looks at the syntax alone, and without recursion.
    if serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
        return (None, false);
    }
    let (text, is_cut) = readable(&String::from_utf8_lossy(bytes));
    (serde_json::from_str(&text).ok(), is_cut)
}

/// The same JSON as serde_json can read it, and whether something was cut off.
fn readable(text: &str) -> (String, bool) {
    let mut kept = String::with_capacity(text.len());
    let (mut depth, mut in_string, mut is_cut) = (0_usize, false, false);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let mut keeps = depth <= DEEPEST;
        match letter {
            '\\' => {
                let (escape, after) = escape(letters.as_str());
                if keeps {
                    kept.push_str(&escape);
                }
                letters = after.chars();
                continue;
            }
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => {
                depth += 1;
                if depth == DEEPEST + 1 {
                    kept.push_str("null");
                    is_cut = true;
                }
                keeps = depth <= DEEPEST;
            }
            '}' | ']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if keeps {
            kept.push(letter);
        }
    }
    (kept, is_cut)
}

/// An escape in a string from what follows its backslash, and the text after it.
fn escape(text: &str) -> (String, &str) {
    let unit = |at: usize| {
        let digits = text.get(at..)?.strip_prefix('u')?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let split = |at: usize| text.split_at_checked(at).unwrap_or((text, ""));
    match unit(0) {
        Some(0xd800..=0xdbff) if text.get(5..6) == Some("\\") && matches!(unit(6), Some(0xdc00..=0xdfff)) => {
            let (pair, after) = split(11);
            (format!("\\{pair}"), after)
        }
        Some(0xd800..=0xdfff) => ("\\ufffd".to_owned(), split(5).1),
        _ => {
            let (letter, after) = split(text.chars().next().map_or(0, char::len_utf8));
            (format!("\\{letter}"), after)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DEEPEST, read};

    #[test]
    fn halves_of_surrogate_pairs_are_replaced() {
        for (text, expected) in [
            (r#"["\ud800"]"#, json!(["\u{fffd}"])),
            (r#"["\udc00 \\ud800 \"\ud83c\udfa9\ud83c"]"#, json!(["\u{fffd} \\ud800 \"\u{1f3a9}\u{fffd}"])),
            (r#"{"\ud800\u0041":"\ud800\ud83c\udfa9"}"#, json!({ "\u{fffd}A": "\u{fffd}\u{1f3a9}" })),
        ] {
            assert_eq!(read(text.as_bytes()), (Some(expected), false), "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_cut_off() {
        for levels in [130, 100_000] {
            let text = format!(r#"{{"a":{}"]"{},"b":"\"{{["}}"#, "[".repeat(levels), "]".repeat(levels));
            let (value, is_cut) = read(text.as_bytes());
            assert!(is_cut);
            let value = value.unwrap();
            assert_eq!(value["b"], "\"{[");
            assert_eq!(value.pointer(&format!("/a{}", "/0".repeat(DEEPEST - 1))), Some(&json!(null)));
        }
        for text in ["", "<html>", "[\"", &"[".repeat(100_000), "[\"\\ud8\"]"] {
            assert_eq!(read(text.as_bytes()), (None, false));
        }
    }
}
