//! Rejects e-mail addresses and locales that no version of the server accepts.
//!
//! The server's worker silently drops a recipient with such a value. The finer rules differ between its versions.
// Source: create-subscriber.command.ts (`IsEmail`, `IsLocale` of class-validator, which asks validator.js).

/// Whether some version of the server may accept this e-mail address.
///
/// Rejects only what all versions of validator.js reject. Allows nearly all characters beyond ASCII.
pub(super) fn is_plausible_email(email: &str) -> bool {
    email.rsplit_once('@').is_some_and(|(local, domain)| is_plausible_local(local) && is_plausible_domain(domain))
}

/// Allows non-empty parts between dots, or nearly everything after a quotation mark.
fn is_plausible_local(local: &str) -> bool {
    let is_allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.starts_with('"') || local.split('.').all(|part| !part.is_empty() && part.chars().all(is_allowed))
}

/// Requires at least two labels, without white space at the end.
fn is_plausible_domain(domain: &str) -> bool {
    let is_allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-';
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(is_allowed)
    };
    domain.contains('.') && domain.split('.').all(is_label) && domain == domain.trim_end()
}

/// Whether some version of the server may accept this locale: one with subtags of letters and digits, such as `de`,
/// `en-GB`, `zh_Hant_TW` or `de-DE-1996`.
pub(super) fn is_plausible_locale(locale: &str) -> bool {
    let mut subtags = locale.split(['-', '_']);
    let language = subtags.next().unwrap_or_default();
    let mut others = subtags.clone();
    // `x` starts a private locale and `i` an old registered one; both need another subtag.
    let is_language =
        matches!(language.len(), 2..=8) || (matches!(language, "x" | "X" | "i" | "I") && others.next().is_some());
    is_language
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|tag| matches!(tag.len(), 1..=8) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
