//! E-mail addresses and locales as `validator.js` tells them apart from other texts.

use std::iter::Peekable;
use std::str::Split;

/// The longest local part and the longest whole domain, in bytes.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 254;

/// `isEmail` with its default options.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    local.len() <= MAX_LOCAL && domain.len() <= MAX_DOMAIN && is_local_part(local) && is_domain(domain)
}

fn is_local_part(local: &str) -> bool {
    if let Some(quoted) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return !quoted.contains(['"', '\\', '\r', '\n']);
    }
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character))
}

fn is_atom_character(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(character)
        || matches!(character, '\u{a1}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

/// At least two labels, the last of letters.
fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let Some((top, rest)) = labels.split_last() else {
        return false;
    };
    let is_wide = |character: char| matches!(character, '\u{a1}'..='\u{d7ff}' | '\u{f900}'..='\u{ffef}');
    let top_is_sound = top.chars().count() >= 2
        && (top.chars().all(|character| character.is_ascii_alphabetic() || is_wide(character))
            || top.to_ascii_lowercase().starts_with("xn--"));
    let label_is_sound = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '-' || is_wide(character))
    };
    top_is_sound && !rest.is_empty() && labels.iter().all(label_is_sound)
}

/// `isLocale`: a language tag of BCP 47, with `-` or `_` between its parts.
pub(crate) fn is_locale(text: &str) -> bool {
    let unified = text.replace('_', "-");
    let mut parts = unified.split('-').peekable();
    let is_language = parts.next().is_some_and(|part| is_alphabetic(part, 2..=3) || is_alphabetic(part, 5..=8));
    // Up to three extensions of the language come right after it.
    for _ in 0..3 {
        take(&mut parts, |part| is_alphabetic(part, 3..=3));
    }
    take(&mut parts, |part| is_alphabetic(part, 4..=4));
    take(&mut parts, |part| {
        is_alphabetic(part, 2..=2) || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    });
    while take(&mut parts, is_variant) {}
    while take(&mut parts, |part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        if !take(&mut parts, |part| is_alphanumeric(part, 1..=8)) {
            return false;
        }
        while take(&mut parts, |part| is_alphanumeric(part, 2..=8)) {}
    }
    is_language && parts.next().is_none()
}

fn is_variant(part: &str) -> bool {
    is_alphanumeric(part, 5..=8)
        || (is_alphanumeric(part, 4..=4) && part.starts_with(|character: char| character.is_ascii_digit()))
}

fn take(parts: &mut Peekable<Split<'_, char>>, is_wanted: impl Fn(&str) -> bool) -> bool {
    parts.next_if(|part| is_wanted(part)).is_some()
}

fn is_alphabetic(part: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_alphanumeric(part: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_addresses_from_other_texts() {
        for good in ["a@b.co", "first.last+tag@sub.example.com", "dave@example.com", "\"a b\"@x.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "nope", "a@b", "@b.co", "a@", "a b@c.de", "a..b@c.de", "a@-b.co", "a@b.c", "a@b.c0m."] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn tells_locales_from_other_texts() {
        for good in ["en", "en_US", "de-DE", "zh_Hant_TW", "es_419", "sr-Latn-RS", "de-CH-1901", "ca_ES_VALENCIA"] {
            assert!(is_locale(good), "{good}");
        }
        for bad in ["", "e", "english language", "en_", "en__US", "12"] {
            assert!(!is_locale(bad), "{bad}");
        }
    }
}
