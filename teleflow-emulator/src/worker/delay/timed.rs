//! Digests that end at certain times: every two hours, each Monday at 9:00, on the first weekday of a month.
// Source: `timed-digest-delay.service.ts` and `add-job/validation.ts`.

use std::time::Duration;

use jiff::Span;
use jiff::civil::Weekday;
use jiff::tz::Offset;
use serde_json::Value;

use super::recurrence::{Frequency, Interval, Rule};
use super::{DelayError, number, thrown};
use crate::database::definition::Step;
use crate::js;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const ORDINALS: [(&str, i32); 6] =
    [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5), ("last", -1)];

const NOT_CALCULATED: &str = "Delay for next digest could not be calculated";

/// The check of a digest step, which comes before its time is computed.
pub(super) fn validate(step: &Step) -> Result<(), DelayError> {
    let Some(timing @ ("regular" | "backoff" | "timed")) = step.timing() else { return Ok(()) };
    let (amount, unit) = step.amount();
    if !js::truthy(amount) {
        return thrown("Invalid digest amount");
    }
    let Some(unit) = unit.filter(|unit| !unit.is_empty()) else { return thrown("Invalid digest unit") };
    if timing != "timed" || !matches!(unit, "days" | "weeks" | "months") {
        return Ok(());
    }
    let timed = step.metadata().map(|metadata| &metadata.timed);
    let Some(timed) = js::if_truthy(timed) else { return thrown("Digest timed config is missing") };
    let field = |name| js::if_truthy(timed.get(name));
    let Some(at_time) = field("atTime") else { return thrown("Digest timed config atTime is missing") };
    if !is_time(&js::to_text(at_time)) {
        return thrown("Digest timed config atTime has invalid format, expected 24h time format");
    }
    match (unit, timed.get("monthlyType").and_then(Value::as_str)) {
        ("weeks", _) => {
            let Some(days) = field("weekDays") else { return thrown("Digest timed config weekDays is missing") };
            if !list(days)?.iter().all(|day| named(&WEEKDAYS, day).is_some()) {
                return thrown("Digest timed config weekDays has invalid values");
            }
        }
        ("months", Some("each")) => {
            let Some(days) = field("monthDays") else { return thrown("Digest timed config monthDays is missing") };
            // The server's test is inverted: it rejects each day from 1 to 31.
            if !list(days)?.iter().map(number).all(|day| !(1.0..=31.0).contains(&day) && !day.is_nan()) {
                return thrown("Digest timed config monthDays values are invalid");
            }
        }
        ("months", Some("on")) => {
            let (Some(ordinal), Some(value)) = (field("ordinal"), field("ordinalValue")) else {
                return thrown("Digest timed config ordinal is missing");
            };
            if named(&ORDINALS, ordinal).is_none() {
                return thrown("Digest timed config for ordinal is invalid");
            }
            let is_kind = matches!(value.as_str(), Some("day" | "weekday" | "weekend"));
            if !is_kind && named(&WEEKDAYS, value).is_none() {
                return thrown("Digest timed config for ordinal value is invalid");
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether a text is a time such as `9:00` or `09:00:00`.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, rest) = match parts.as_slice() {
        [hour, rest @ ..] if matches!(rest.len(), 1 | 2) => (hour, rest),
        _ => return false,
    };
    let is_below = |part: &str, limit: u8| {
        part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse().is_ok_and(|number: u8| number < limit)
    };
    matches!(hour.len(), 1 | 2) && is_below(hour, 24) && rest.iter().all(|part| part.len() == 2 && is_below(part, 60))
}

fn named<T: Copy>(names: &[(&str, T)], name: &Value) -> Option<T> {
    let name = name.as_str()?;
    names.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn list(value: &Value) -> Result<&Vec<Value>, DelayError> {
    value.as_array().map_or_else(|| thrown("the timed config has a value that is not a list"), Ok)
}

/// How many milliseconds a digest lasts from `now`, the time since 1970.
pub(super) fn millis(amount: &Value, unit: Option<&str>, timed: &Value, now: Duration) -> Result<f64, DelayError> {
    let frequency = match unit {
        None | Some("minutes") => Frequency::Minutely,
        Some("hours") => Frequency::Hourly,
        Some("days") => Frequency::Daily,
        Some("weeks") => Frequency::Weekly,
        Some("months") => Frequency::Monthly,
        Some(_) => return thrown("Invalid frequency: undefined undefined"),
    };
    let count = number(amount).trunc();
    if count.is_nan() {
        return thrown("Invalid options: until");
    }
    let Some(timestamp) =
        i64::try_from(now.as_millis()).ok().and_then(|now| jiff::Timestamp::from_millisecond(now).ok())
    else {
        return thrown(NOT_CALCULATED);
    };
    let start = Offset::UTC.to_datetime(timestamp);
    let span = |count: i64| match frequency {
        Frequency::Minutely => Span::new().try_minutes(count),
        Frequency::Hourly => Span::new().try_hours(count),
        Frequency::Daily => Span::new().try_days(count),
        Frequency::Weekly => Span::new().try_weeks(count),
        Frequency::Monthly => Span::new().try_months(count),
    };
    // Counts beyond a year need not be exact: they are limited to what a date can hold.
    let Some(until) = span(count as i64).ok().and_then(|span| start.checked_add(span).ok()) else {
        return thrown(NOT_CALCULATED);
    };
    let mut rule = rule(frequency, timed)?;
    rule.interval = match amount {
        Value::String(_) if frequency != Frequency::Weekly => Interval::FirstPeriodOnly,
        _ if count < 1.0 => return thrown(NOT_CALCULATED),
        _ => Interval::Periods(count as i64),
    };
    let Some(next) = rule.next(start, until) else { return thrown(NOT_CALCULATED) };
    let next = Offset::UTC.to_timestamp(next).map(jiff::Timestamp::as_millisecond);
    next.map_or_else(|_| thrown(NOT_CALCULATED), |next| Ok((next - timestamp.as_millisecond()) as f64))
}

fn rule(frequency: Frequency, timed: &Value) -> Result<Rule, DelayError> {
    let mut rule = Rule { frequency, ..Rule::default() };
    if let Some(at_time) = js::if_truthy(timed.get("atTime")) {
        let Some(at_time) = at_time.as_str() else { return thrown("atTime.split is not a function") };
        let mut parts = at_time.split(':').map(leading_number);
        (rule.hour, rule.minute, rule.second) = (parts.next(), parts.next(), parts.next());
    }
    let present = |name| timed.get(name).filter(|value| !value.is_null());
    match timed.get("monthlyType") {
        None => each(&mut rule, present("weekDays"), present("monthDays"))?,
        Some(Value::String(kind)) if kind == "each" => each(&mut rule, present("weekDays"), present("monthDays"))?,
        Some(_) => on(&mut rule, present("ordinal"), present("ordinalValue")),
    }
    Ok(rule)
}

/// `parseInt(text, 10)`. A text without a number is a time that never comes.
fn leading_number(text: &str) -> i8 {
    const NEVER: i8 = -1;
    let text = js::trim(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(NEVER)
}

fn each(rule: &mut Rule, week_days: Option<&Value>, month_days: Option<&Value>) -> Result<(), DelayError> {
    if let Some(days) = week_days {
        let Some(days) = list(days)?.iter().map(|day| named(&WEEKDAYS, day)).collect() else {
            return thrown("Cannot read properties of undefined (reading 'n')");
        };
        rule.week_days = Some(days);
    }
    /// A value that is not the number of a day.
    const NEVER: i64 = 99;
    rule.month_days = match month_days {
        None => None,
        Some(Value::Array(days)) => {
            let days = days.iter().map(|day| day.as_i64().unwrap_or(NEVER));
            Some(days.filter(|day| *day != 0).collect())
        }
        Some(day) => day.as_i64().map(|day| vec![day]),
    };
    Ok(())
}

fn on(rule: &mut Rule, ordinal: Option<&Value>, value: Option<&Value>) {
    let ordinal = ordinal.and_then(|ordinal| named(&ORDINALS, ordinal));
    let week_days = match value.and_then(Value::as_str) {
        Some("day") => {
            rule.month_days = ordinal.map(|day| vec![day.into()]);
            return;
        }
        Some("weekday") => {
            use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
            Some(vec![Monday, Tuesday, Wednesday, Thursday, Friday])
        }
        Some("weekend") => Some(vec![Weekday::Saturday, Weekday::Sunday]),
        _ => value.and_then(|value| named(&WEEKDAYS, value)).map(|day| vec![day]),
    };
    rule.week_days = week_days;
    rule.position = ordinal;
}
