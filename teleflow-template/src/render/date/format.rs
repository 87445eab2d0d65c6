//! Formats a date by a pattern with Unicode tokens.

use super::super::error::{RenderError, fail};
use super::super::number;
use super::calendar::DateTime;
use super::names::{self, Width, ordinal};
use super::tokens::{expand_long_formats, tokens, unquote};

/// Formats a date. `None` is an invalid date.
// Source: date-fns 2.29.3, src/format/index.ts, src/format/_lib/formatters, src/locale/en-US
pub(in super::super) fn format(milliseconds: Option<i64>, pattern: &str) -> Result<String, RenderError> {
    let Some(milliseconds) = milliseconds else { return fail("Invalid time value") };
    let date = DateTime::new(milliseconds);
    let expanded = expand_long_formats(pattern);
    let all = tokens(&expanded);
    if all.is_empty() {
        // No regular expression matches a pattern of line ends.
        return fail("Cannot read properties of null (reading 'map')");
    }
    let mut text = String::new();
    for token in all {
        let Some(first) = token.chars().next() else { continue };
        match first {
            '\'' => text.push_str(&unquote(token)),
            'Y' | 'D' if is_protected(token) => return fail(protected(token, pattern, &date)),
            'a'..='z' | 'A'..='Z' => match formatted(&date, first, token) {
                Some(part) => text.push_str(&part),
                None => {
                    return fail(format!("Format string contains an unescaped latin alphabet character `{first}`"));
                }
            },
            _ => text.push_str(token),
        }
    }
    Ok(text)
}

/// Tokens that users confuse with others.
fn is_protected(token: &str) -> bool {
    matches!(token, "YY" | "YYYY" | "D" | "DD")
}

fn protected(token: &str, pattern: &str, date: &DateTime) -> String {
    let unit = if token.starts_with('Y') { "years" } else { "days of the month" };
    let instead = token.to_lowercase();
    let year = match date.year {
        year @ 0.. => format!("{year:04}"),
        year => format!("-{:06}", -year),
    };
    let (weekday, month) = (names::day(date.weekday, Width::Abbreviated), names::month(date.month, Width::Abbreviated));
    format!(
        "Use `{instead}` instead of `{token}` (in `{pattern}`) for formatting {unit} to the input `{weekday} {month} \
         {:02} {year} {:02}:{:02}:{:02} GMT+0000 (Coordinated Universal Time)`; \
         see: https://github.com/date-fns/date-fns/blob/master/docs/unicodeTokens.md",
        date.day, date.hour, date.minute, date.second
    )
}

fn pad(number: i64, length: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", with_zeros(&number.abs().to_string(), length))
}

/// Writes zeros in front. The length may be more than the width that formatting allows.
fn with_zeros(text: &str, length: usize) -> String {
    "0".repeat(length.saturating_sub(text.len())) + text
}

/// The years before year 1 are counted from 1 again.
fn without_era(year: i64) -> i64 {
    if year > 0 { year } else { 1 - year }
}

/// A number: padded, or as an ordinal.
fn numeric(number: i64, token: &str) -> String {
    if token.ends_with('o') { ordinal(number) } else { pad(number, token.len()) }
}

/// The width of a name by the length of its token, which is at least 3 for most tokens.
fn width(token: &str) -> Width {
    match token.len() {
        0..=3 => Width::Abbreviated,
        5 => Width::Narrow,
        _ => Width::Wide,
    }
}

/// The same for days, which also have a short name.
fn day_width(token: &str) -> Width {
    if token.len() == 6 { Width::Short } else { width(token) }
}

/// The text of a token. `None` if there is not such a token.
fn formatted(date: &DateTime, first: char, token: &str) -> Option<String> {
    // One or two letters, and ordinals, are numbers.
    let is_number = token.len() < 3;
    Some(match first {
        'G' => names::era(date.year, width(token)).to_owned(),
        'y' if token == "yy" => pad(without_era(date.year) % 100, 2),
        'y' => numeric(without_era(date.year), token),
        'Y' => numeric(without_era(date.week().1), token),
        'R' => pad(date.iso_week_year, token.len()),
        'u' => pad(date.year, token.len()),
        'Q' | 'q' if is_number => numeric((date.month + 2) / 3, token),
        'Q' | 'q' => names::quarter((date.month + 2) / 3, width(token)),
        'M' | 'L' if is_number => numeric(date.month, token),
        'M' | 'L' => names::month(date.month, width(token)).to_owned(),
        'w' => numeric(date.week().0, token),
        'I' => numeric(date.iso_week, token),
        'd' => numeric(date.day, token),
        'D' => numeric(date.day_of_year, token),
        'E' => names::day(date.weekday, day_width(token)).to_owned(),
        'e' | 'c' if is_number => numeric(date.weekday + 1, token),
        'i' if is_number => numeric(if date.weekday == 0 { 7 } else { date.weekday }, token),
        'e' | 'c' | 'i' => names::day(date.weekday, day_width(token)).to_owned(),
        'a' if token.len() == 3 => names::half_day(date.hour, width(token)).to_lowercase(),
        'a' => names::half_day(date.hour, width(token)).to_owned(),
        'b' if token.len() == 3 => names::half_day_or_noon(date.hour, width(token)).to_lowercase(),
        'b' => names::half_day_or_noon(date.hour, width(token)).to_owned(),
        'B' => names::day_part(date.hour).to_owned(),
        'h' => numeric((date.hour + 11) % 12 + 1, token),
        'H' => numeric(date.hour, token),
        'K' => numeric(date.hour % 12, token),
        'k' => numeric(if date.hour == 0 { 24 } else { date.hour }, token),
        'm' => numeric(date.minute, token),
        's' => numeric(date.second, token),
        'S' => fraction(date.millisecond, token.len()),
        'X' => "Z".to_owned(),
        'x' => match token.len() {
            1 => "+00",
            2 | 4 => "+0000",
            _ => "+00:00",
        }
        .to_owned(),
        'O' | 'z' => if token.len() < 4 { "GMT+0" } else { "GMT+00:00" }.to_owned(),
        't' => pad(date.milliseconds.div_euclid(1000), token.len()),
        'T' => pad(date.milliseconds, token.len()),
        _ => return None,
    })
}

/// The fraction of a second, with this many digits.
fn fraction(millisecond: i64, digits: usize) -> String {
    let exponent = i32::try_from(digits).unwrap_or(i32::MAX).saturating_sub(3);
    let text = number::to_text((millisecond as f64 * 10_f64.powi(exponent)).floor());
    with_zeros(&text, digits)
}
