//! What no server accepts of a subscriber's e-mail address and locale.
//!
//! The server's worker drops a recipient with such a value, and says nothing. The finer rules are the server's: they
//! differ between its versions.
// Source: create-subscriber.command.ts (`IsEmail`, `IsLocale` of class-validator, which asks validator.js).

/// Whether some version of the server may accept this e-mail address.
pub(super) fn is_plausible_email(email: &str) -> bool {
    let has_parts = email.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    // validator.js lets a local part begin with some whitespace beyond ASCII; a domain never ends with any.
    has_parts
        && !email.starts_with(|first: char| first.is_ascii() && first.is_whitespace())
        && email == email.trim_end()
}

/// Whether some version of the server may accept this locale: one with subtags of letters and digits, such as `de`,
/// `en-GB`, `zh_Hant_TW` or `de-DE-1996`.
pub(super) fn is_plausible_locale(locale: &str) -> bool {
    let mut subtags = locale.split(['-', '_']);
    let language = subtags.next().unwrap_or_default();
    let mut others = subtags.clone();
    // `x` begins a private locale and `i` an old registered one; both need more than that letter.
    let is_language =
        matches!(language.len(), 2..=8) || (matches!(language, "x" | "X" | "i" | "I") && others.next().is_some());
    is_language
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|tag| matches!(tag.len(), 1..=8) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
