//! Rejects integers beyond 2^53.
//!
//! The server is written in JavaScript, which rounds them (`Number.MAX_SAFE_INTEGER`).

use teleflow_catalog::server_facts::LARGEST_INTEGER;

use super::invalid_value::Reason;

/// Rejects an integer that JavaScript would round.
pub(super) fn check_integer(value: impl TryInto<i128>) -> Result<(), Reason> {
    let is_safe = value.try_into().is_ok_and(|value| value.unsigned_abs() <= u128::from(LARGEST_INTEGER));
    if is_safe { Ok(()) } else { Err(Reason::UnsafeInteger) }
}

/// Rejects a JSON number that is such an integer. Those with a fraction or an exponent are floats.
pub(super) fn check_number(number: &str) -> Result<(), Reason> {
    if number.contains(['.', 'e', 'E']) {
        return Ok(());
    }
    number.parse::<i128>().map_err(|_| Reason::UnsafeInteger).and_then(check_integer)
}

/// Rejects a well-formed JSON text that contains such an integer.
pub(super) fn check_numbers_in(json: &str) -> Result<(), Reason> {
    numbers_in(json).try_for_each(check_number)
}

fn numbers_in(json: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    let outside_strings = json.split(move |c: char| {
        let in_string = quoted;
        quoted ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
        in_string || !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
    });
    outside_strings.filter(|token| token.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
}
