//! `isEmail` and `isLocale` of validator.js 13.9.0, the version that the server uses.
//!
//! Like its regular expressions they count UTF-16 units: a character above U+FFFF counts as two units, and is in no
//! range that ends at U+D7FF.

use teleflow_template::javascript::is_whitespace;

/// The maximum length of an address, in UTF-16 units.
const MAX_EMAIL: usize = 254;
/// The maximum length of a local part, in bytes.
const MAX_LOCAL: usize = 64;
/// The maximum length of a domain, in bytes.
const MAX_DOMAIN: usize = 254;
/// The maximum length of a label, in UTF-16 units.
const MAX_LABEL: usize = 63;

/// `isEmail` with its default options.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_short = text.encode_utf16().count() <= MAX_EMAIL && local.len() <= MAX_LOCAL && domain.len() <= MAX_DOMAIN;
    is_short && is_domain(domain) && is_local_part(local)
}

fn is_local_part(local: &str) -> bool {
    match local.strip_prefix('"') {
        // validator.js drops the last character without checking that it is a quote.
        Some(quoted) => is_quoted_text(quoted.char_indices().next_back().map_or("", |(end, _)| quoted.split_at(end).0)),
        None => local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character)),
    }
}

fn is_atom_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character) || is_allowed_beyond_ascii(character)
}

/// Whether a character outside ASCII is allowed in a local part. The no-break space is.
fn is_allowed_beyond_ascii(character: char) -> bool {
    matches!(character, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

/// The text between quotes. It has no quote and no NUL. A backslash escapes any character but NUL and line feed.
fn is_quoted_text(text: &str) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let is_valid = match character {
            '\\' => characters.next().is_some_and(|escaped| {
                matches!(escaped, '\u{1}'..='\u{9}' | '\u{b}'..='\u{7f}') || is_allowed_beyond_ascii(escaped)
            }),
            '"' | '\0' => false,
            _ => character.is_ascii() || is_allowed_beyond_ascii(character),
        };
        if !is_valid {
            return false;
        }
    }
    true
}

/// `isFQDN` with its default options: at least two labels.
fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    match labels.as_slice() {
        [_, .., top] => is_top_level(top) && labels.iter().all(|label| is_label(label)),
        _ => false,
    }
}

/// The last label: at least two letters, without white space and the copyright sign.
fn is_top_level(label: &str) -> bool {
    let is_letter = |character: char| {
        character.is_ascii_alphabetic()
            || (is_allowed_beyond_ascii(character) && !matches!(character, '\u{a0}' | '\u{a9}'))
    };
    let lower = label.to_ascii_lowercase();
    let is_punycode = lower
        .strip_prefix("xn")
        .is_some_and(|rest| rest.len() >= 2 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    let is_word = label.chars().count() >= 2 && label.chars().all(is_letter);
    (is_word || is_punycode) && !label.contains(is_whitespace)
}

fn is_label(label: &str) -> bool {
    let is_valid = |character: char| {
        let is_full_width = matches!(character, '\u{ff01}'..='\u{ff5e}');
        character.is_ascii_alphanumeric() || character == '-' || (character >= '\u{a1}' && !is_full_width)
    };
    !label.is_empty()
        && label.encode_utf16().count() <= MAX_LABEL
        && label.chars().all(is_valid)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// `isLocale`: a language of 2 to 4 letters, a script of 4 letters or 3 digits, a region of 2 letters or 3 digits.
pub(crate) fn is_locale(text: &str) -> bool {
    if matches!(text, "en_US_POSIX" | "ca_ES_VALENCIA") {
        return true;
    }
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_number = |part: &str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_script = |part: &str| (part.len() == 4 && is_letters(part)) || is_number(part);
    let is_region = |part: &str| (part.len() == 2 && is_letters(part)) || is_number(part);
    let parts: Vec<&str> = text.split(['-', '_']).collect();
    let (language, rest) = match parts.as_slice() {
        [language, rest @ ..] => (*language, rest),
        [] => return false,
    };
    let rest_is_valid = match rest {
        [] => true,
        [only] => is_script(only) || is_region(only),
        [script, region] => is_script(script) && is_region(region),
        _ => false,
    };
    (2..=4).contains(&language.len()) && is_letters(language) && rest_is_valid
}
