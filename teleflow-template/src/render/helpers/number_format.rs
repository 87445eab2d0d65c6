//! The helper `numberFormat`.

use super::super::coerce::{compare, to_number, to_text};
use super::super::error::{RenderError, fail};
use super::super::helper_call::HelperCall;
use super::super::number::{parse_float, to_fixed, to_int32};
use super::super::value::Value;

pub(super) fn number_format(call: &mut HelperCall<'_>) -> Result<Value, RenderError> {
    let number = call.arg(0);
    if to_number(&number).is_nan() {
        return Ok(number);
    }
    let option = |name: &str, default: Value| {
        let value = call.named(1, name)?;
        Ok::<_, RenderError>(if value.is_truthy() { value } else { default })
    };
    let length = option("decimalLength", Value::Number(2.0))?;
    let thousands = to_text(&option("thousandsSep", Value::text(","))?);
    let decimal = to_text(&option("decimalSep", Value::text("."))?);
    let has_decimals = compare(&length, &Value::Number(0.0)).is_some_and(|order| order.is_gt());
    let digits = usize::try_from(to_int32(to_number(&length))).unwrap_or_default();
    if digits > 100 {
        return fail("toFixed() digits argument must be between 0 and 100");
    }
    let fixed = to_fixed(parse_float(&to_text(&number)), digits);
    let with_decimal = match fixed.split_once('.') {
        Some((before, after)) => {
            let separator = expand(&decimal, &Match { before, matched: ".", after, group: None });
            format!("{before}{separator}{after}")
        }
        None => fixed,
    };
    Ok(Value::text(group(&with_decimal, &format!("$&{thousands}"), has_decimals)))
}

/// Replaces each digit that multiples of three digits follow, and then a character that is not a digit, or the end.
fn group(text: &str, replacement: &str, has_decimals: bool) -> String {
    let mut grouped = String::new();
    for (at, letter) in text.char_indices() {
        let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
        let (matched, after) = rest.split_at_checked(letter.len_utf8()).unwrap_or((rest, ""));
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let is_end = digits == after.len();
        let is_match = letter.is_ascii_digit() && digits > 0 && digits % 3 == 0 && is_end != has_decimals;
        if is_match {
            let group = digits.checked_sub(3).and_then(|start| after.get(start..digits));
            grouped.push_str(&expand(replacement, &Match { before, matched, after, group }));
        } else {
            grouped.push(letter);
        }
    }
    grouped
}

/// A match of a regular expression, or of a text, that is being replaced.
struct Match<'a> {
    before: &'a str,
    matched: &'a str,
    after: &'a str,
    /// The only group, if there is one.
    group: Option<&'a str>,
}

/// Expands the patterns of `String.prototype.replace` in a replacement.
fn expand(replacement: &str, of: &Match<'_>) -> String {
    let mut expanded = String::new();
    let mut rest = replacement;
    while let Some((before, pattern)) = rest.split_once('$') {
        expanded.push_str(before);
        let patterns = [
            ("$", Some("$")),
            ("&", Some(of.matched)),
            ("`", Some(of.before)),
            ("'", Some(of.after)),
            ("01", of.group),
            ("1", of.group),
        ];
        let found = patterns.into_iter().find_map(|(name, text)| Some((pattern.strip_prefix(name)?, text?)));
        let (after, text) = found.unwrap_or((pattern, "$"));
        expanded.push_str(text);
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}
