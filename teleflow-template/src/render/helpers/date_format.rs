//! The helper `dateFormat`.

use super::super::coerce::to_text;
use super::super::date::{clip, format, parse};
use super::super::error::RenderError;
use super::super::helper_call::HelperCall;
use super::super::value::Value;

pub(super) fn date_format(call: &mut HelperCall<'_>) -> Result<Value, RenderError> {
    let (date, pattern) = (call.arg(0), call.arg(1));
    if !date.is_truthy() || !pattern.is_truthy() {
        return Ok(date);
    }
    let Some(parsed) = parse(&to_text(&date)) else { return Ok(date) };
    // A number is checked as if it were a text, but means milliseconds.
    let milliseconds = match date {
        Value::Number(number) => clip(number),
        _ => Some(parsed),
    };
    format(milliseconds, &to_text(&pattern)).map(Value::text)
}
