//! Makes Rust identifiers from serialized names, and escapes texts of the server for Rust source.

use std::collections::{BTreeMap, BTreeSet};

use crate::output::is_invisible;

/// Keywords that are identifiers only as `r#word`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// Keywords that cannot be raw identifiers.
const NEVER_RAW: [&str; 3] = ["crate", "self", "super"];
/// Names that the generated code uses itself.
const USED: [&str; 12] = [
    "Clone",
    "Debug",
    "Err",
    "None",
    "Ok",
    "Option",
    "Self",
    "Serialize",
    "Some",
    "String",
    "TeleflowPayload",
    "TeleflowWorkflow",
];

/// The longest text in a comment, in characters.
const MAX_COMMENT: usize = 200;

/// Assigns unique names.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// Names for types, other than those that the generated code uses.
    pub(crate) fn of_types() -> Self {
        Self(USED.iter().chain(&["Vec"]).map(|name| (*name).to_owned()).collect())
    }

    /// Returns the name if it is unused, or else with a number: `name_2`, or `Name2` for types.
    fn unique(&mut self, plain: &str, separator: &str) -> String {
        // A double underscore is not snake case.
        let separator = if plain.ends_with('_') { "" } else { separator };
        let numbered = (2_u32..).map(|number| format!("{plain}{separator}{number}"));
        let mut candidates = std::iter::once(plain.to_owned()).chain(numbered);
        let name = candidates.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(name.clone());
        name
    }

    /// Names for the variants of an enum.
    pub(crate) fn of_variants() -> Self {
        Self(BTreeSet::from(["Self".to_owned()]))
    }

    /// A type's name, in Pascal case.
    pub(crate) fn of_type(&mut self, parts: &[&str]) -> String {
        self.pascal(parts, "Workflow")
    }

    /// A variant's name, in Pascal case.
    pub(crate) fn of_variant(&mut self, value: &str) -> String {
        self.pascal(&[value], "Value")
    }

    fn pascal(&mut self, parts: &[&str], prefix: &str) -> String {
        let mut plain = String::new();
        for word in parts.iter().flat_map(|part| words(part)) {
            let mut letters = word.chars();
            plain.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            plain.extend(letters);
        }
        if !plain.starts_with(|first: char| first.is_ascii_alphabetic()) {
            plain.insert_str(0, prefix);
        }
        self.unique(&plain, "")
    }
}

/// Maps serialized names to field names in snake case, without `r#`. A field name goes to the equal serialized name first.
pub(crate) fn of_fields<'a>(wires: impl Iterator<Item = &'a str> + Clone) -> BTreeMap<&'a str, String> {
    let mut names = Names::default();
    let (same, other): (Vec<_>, Vec<_>) =
        wires.map(|wire| (wire, snake(wire))).partition(|(wire, plain)| wire == plain);
    same.into_iter().chain(other).map(|(wire, plain)| (wire, names.unique(&plain, "_"))).collect()
}

fn snake(wire: &str) -> String {
    let mut plain = words(wire).join("_").to_ascii_lowercase();
    if plain.is_empty() {
        plain.push_str("field");
    }
    if plain.starts_with(|first: char| first.is_ascii_digit()) {
        plain.insert(0, '_');
    }
    if NEVER_RAW.contains(&plain.as_str()) {
        plain.push('_');
    }
    plain
}

/// The field's name in source, with `r#` if it is a keyword.
pub(crate) fn in_source(field: &str) -> String {
    if KEYWORDS.contains(&field) { format!("r#{field}") } else { field.to_owned() }
}

/// Splits a name into words of ASCII letters and digits: `camelCase` and `HTTPServer` have two each.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit())
                || before.is_some_and(char::is_ascii_uppercase) && after.is_some_and(char::is_ascii_lowercase));
        if begins || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(*letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Formats a string literal.
pub(crate) fn literal(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Escapes all characters except ASCII letters, digits and `-_.`.
pub(crate) fn escaped(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let escaped = |letter: char| if plain(letter) { letter.to_string() } else { letter.escape_unicode().to_string() };
    text.chars().map(escaped).collect()
}

/// Escapes a text for a comment: on one line, and without characters that are special in a comment or in Markdown.
pub(crate) fn comment(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || " -_.,:;()'!?+&/%=".contains(letter);
    let escaped = |letter: char| match plain(letter) && !is_invisible(letter) {
        true => letter.to_string(),
        false => letter.escape_unicode().to_string(),
    };
    text.chars().take(MAX_COMMENT).map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, comment, in_source, literal, of_fields};

    #[test]
    fn field_names_are_identifiers() {
        for (wire, name) in [
            ("orderId", "order_id"),
            ("order_id", "order_id"),
            ("Order Id", "order_id"),
            ("HTTPServer2Go", "http_server2_go"),
            ("type", "r#type"),
            ("self", "self_"),
            ("Self", "self_"),
            ("2nd", "_2nd"),
            ("", "field"),
            ("ü", "field"),
            ("_", "field"),
            ("a.b", "a_b"),
            ("x: u8 } fn f() {", "x_u8_fn_f"),
        ] {
            assert_eq!(in_source(&of_fields([wire].into_iter())[wire]), name, "{wire}");
        }
        let names = of_fields(["A", "B", "_a", "a", "a_2"].into_iter());
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["a_3", "b", "a_4", "a", "a_2"]);
        let names = of_fields(["Self", "self", "super", "super-"].into_iter());
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["self_", "self_2", "super_", "super_2"]);
    }

    #[test]
    fn type_names_are_identifiers() {
        for (parts, name) in [
            (vec!["order-shipped"], "OrderShipped"),
            (vec!["order-shipped-kGnz"], "OrderShippedKGnz"),
            (vec!["order", "shipTo"], "OrderShipTo"),
            (vec!["2nd"], "Workflow2nd"),
            (vec![""], "Workflow"),
            (vec!["string"], "String2"),
            (vec!["self"], "Self2"),
            (vec!["vec"], "Vec2"),
        ] {
            assert_eq!(Names::of_types().of_type(&parts), name);
        }
    }

    #[test]
    fn texts_of_the_server_are_escaped() {
        assert_eq!(literal("a-b_c.1 \"\n"), "\"a-b_c.1\\u{20}\\u{22}\\u{a}\"");
        assert_eq!(comment("a\n/// b `c` [d] \u{202e} é"), "a\\u{a}/// b \\u{60}c\\u{60} \\u{5b}d\\u{5d} \\u{202e} é");
        assert_eq!(comment(&"x".repeat(300)).len(), 200);
    }
}
