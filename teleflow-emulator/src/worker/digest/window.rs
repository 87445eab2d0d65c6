//! The time that a digest looks back.

use std::time::Duration;

use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use serde_json::Value;

use crate::js;

const DAY: Duration = Duration::from_secs(86_400);

/// The time that is an amount of units before `end`, by the calendar. An unknown unit counts as zero.
// Source: `sub` of date-fns 2.29.3, which is called with `{ [unit]: amount }`.
pub(crate) fn earliest(end: Duration, amount: &Value, unit: Option<&str>) -> Duration {
    let amount = match amount {
        Value::Number(amount) => amount.as_f64().unwrap_or_default(),
        Value::String(amount) => js::parse_number(amount),
        _ => 0.0,
    };
    // A cast saturates, truncates, and makes 0 of NaN.
    let amount = amount as u32;
    let unit = match unit {
        Some("months") => return months_before(end, amount),
        Some("weeks") => 7 * DAY,
        Some("days") => DAY,
        Some("hours") => Duration::from_secs(3600),
        Some("minutes") => Duration::from_secs(60),
        Some("seconds") => Duration::from_secs(1),
        _ => Duration::ZERO,
    };
    end.saturating_sub(unit.saturating_mul(amount))
}

/// The same day and time of an earlier month, or the last day of that month.
fn months_before(end: Duration, months: u32) -> Duration {
    let earlier = || {
        let end = Timestamp::from_millisecond(i64::try_from(end.as_millis()).ok()?).ok()?;
        let span = Span::new().try_months(months).ok()?;
        let earlier = Offset::UTC.to_timestamp(Offset::UTC.to_datetime(end).checked_sub(span).ok()?).ok()?;
        u64::try_from(earlier.as_millisecond()).ok()
    };
    earlier().map_or(Duration::ZERO, Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_back_by_the_calendar() {
        let end = |date: &str| Duration::from_millis(js::parse_date(date).unwrap().try_into().unwrap());
        let cases = [
            ("2024-03-31T10:00:00.000Z", serde_json::json!(1), "months", "2024-02-29T10:00:00.000Z"),
            ("2023-03-31T10:00:00.000Z", serde_json::json!("1"), "months", "2023-02-28T10:00:00.000Z"),
            ("2024-01-15T10:00:00.123Z", serde_json::json!(13), "months", "2022-12-15T10:00:00.123Z"),
            ("2024-06-05T10:00:00.000Z", serde_json::json!(2), "weeks", "2024-05-22T10:00:00.000Z"),
            ("2024-06-05T10:00:00.000Z", serde_json::json!(1.9), "days", "2024-06-04T10:00:00.000Z"),
            ("2024-06-05T10:00:00.000Z", serde_json::json!(3), "hour", "2024-06-05T10:00:00.000Z"),
            ("2024-06-05T10:00:00.000Z", Value::Null, "hours", "2024-06-05T10:00:00.000Z"),
        ];
        for (date, amount, unit, expected) in cases {
            assert_eq!(
                js::format_date(earliest(end(date), &amount, Some(unit))),
                js::format_date(end(expected)),
                "{date} {amount} {unit}"
            );
        }
    }
}
