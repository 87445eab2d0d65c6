//! Numbers as JavaScript reads and prints them.

use crate::javascript::is_whitespace;

/// `String(number)`.
pub(super) fn to_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}Infinity");
    }
    let scientific = shortest(number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    // The number is 0.DIGITS × 10^point.
    let point = exponent.parse::<i32>().unwrap_or_default() + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let split = |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or_default()).unwrap_or((&digits, ""));
    match point {
        1..=21 if count <= point => format!("{sign}{digits}{}", zeros(point - count)),
        1..=21 => {
            let (whole, fraction) = split(point);
            format!("{sign}{whole}.{fraction}")
        }
        -5..=0 => format!("{sign}0.{}{digits}", zeros(-point)),
        _ => {
            let (first, rest) = split(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!("{sign}{first}{dot}{rest}e{:+}", point - 1)
        }
    }
}

/// The shortest digits that are read as the same number. Of two that are equally close, the even ones.
fn shortest(number: f64) -> String {
    let shortest = format!("{number:e}");
    let digits = shortest.find('e').unwrap_or_default().saturating_sub(2);
    // With a precision, a tie becomes even.
    let even = format!("{number:.digits$e}");
    if even.parse() == Ok(number) { even } else { shortest }
}

/// `Number(text)`.
pub(super) fn from_text(text: &str) -> f64 {
    let text = text.trim_matches(is_whitespace);
    if text.is_empty() {
        return 0.0;
    }
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => return if decimal_prefix(text) == text { parse(text) } else { f64::NAN },
    };
    let digits = text.get(2..).unwrap_or_default();
    let value =
        digits.chars().try_fold(0.0, |sum, digit| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?)));
    value.filter(|_| !digits.is_empty()).unwrap_or(f64::NAN)
}

/// `parseFloat(text)`.
pub(super) fn parse_float(text: &str) -> f64 {
    parse(decimal_prefix(text.trim_start_matches(is_whitespace)))
}

/// Parses a text of which all is the prefix that `decimal_prefix` returns.
fn parse(decimal: &str) -> f64 {
    // Rust also knows `Infinity`.
    decimal.parse().unwrap_or(f64::NAN)
}

/// The longest start of a text that is a decimal number.
fn decimal_prefix(text: &str) -> &str {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.bytes().take_while(u8::is_ascii_digit).count()
    };
    let at = |at: usize| text.as_bytes().get(at).copied();
    let start = usize::from(matches!(at(0), Some(b'+' | b'-')));
    if text.get(start..).is_some_and(|rest| rest.starts_with("Infinity")) {
        return text.get(..start + "Infinity".len()).unwrap_or_default();
    }
    let mut end = digits(start);
    let mut count = end - start;
    if at(end) == Some(b'.') {
        let fraction = digits(end + 1);
        count += fraction - end - 1;
        end = fraction;
    }
    if count == 0 {
        return "";
    }
    if matches!(at(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    text.get(..end).unwrap_or_default()
}

/// `number.toFixed(digits)`, with digits from 0 to 100. A tie is rounded away from zero.
pub(super) fn to_fixed(number: f64, digits: usize) -> String {
    if number.abs() >= 1e21 || number.is_nan() {
        return to_text(number);
    }
    /// The longest fraction of a double.
    const EXACT: usize = 1074;
    let exact = format!("{:.EXACT$}", number.abs());
    let (whole, fraction) = exact.split_once('.').unwrap_or((&exact, ""));
    let (kept, rest) = fraction.split_at_checked(digits).unwrap_or((fraction, ""));
    let mut all: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    if rest.starts_with(['5', '6', '7', '8', '9']) {
        round_up(&mut all);
    }
    let text = String::from_utf8(all).unwrap_or_default();
    let (whole, kept) = text.split_at_checked(text.len() - kept.len()).unwrap_or((&text, ""));
    let dot = if kept.is_empty() { "" } else { "." };
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{whole}{dot}{kept}")
}

/// Adds one to a number in decimal digits.
fn round_up(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return;
        }
    }
    digits.insert(0, b'1');
}

/// `~~number`: the whole part, modulo 2^32, as a signed number.
pub(super) fn to_int32(number: f64) -> i32 {
    const TWO_32: f64 = 4_294_967_296.0;
    if !number.is_finite() {
        return 0;
    }
    // In range after the remainder; the cast to 32 bits wraps as JavaScript does.
    (number.trunc().rem_euclid(TWO_32)) as u32 as i32
}
