//! How long a delay or a digest step waits.
//!
//! Source: `calculate-delay.service.ts` and `add-job/validation.ts` of the server.

use std::time::Duration;

use serde_json::Value;

use super::job::Job;
use crate::database::definition::Step;
use crate::js;

/// Why the duration of a step cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DelayError {
    /// The duration is not a number. The worker fails before it makes the notification.
    NotANumber,
    /// The worker throws an error with this message when it runs the step.
    Thrown(String),
}

/// How long a step waits from `now`, the time since 1970.
pub(crate) fn duration(step: &Step, job: &Job, now: Duration) -> Result<Duration, DelayError> {
    let (amount, unit) = step.amount();
    if step.kind() == "digest" && step.timing().is_some() {
        if !js::truthy(amount) {
            return Err(DelayError::Thrown("Invalid digest amount".to_owned()));
        }
        if unit.is_none_or(str::is_empty) {
            return Err(DelayError::Thrown("Invalid digest unit".to_owned()));
        }
    }
    match step.timing() {
        None => Ok(Duration::ZERO),
        Some("scheduled") => until_date(step, job.payload(), now),
        // A timed digest ends at a whole second. The emulator counts units only; it ignores times of day and weekdays.
        Some("timed") => {
            let days = match unit {
                Some("weeks") => 7.0,
                Some("months") => 30.0,
                _ => 1.0,
            };
            let unit = unit.filter(|unit| !matches!(*unit, "weeks" | "months")).unwrap_or("days");
            let time = scaled(number(amount) * days, Some(unit))?;
            Ok(time.saturating_sub(Duration::from_millis(u64::from(now.subsec_millis()))))
        }
        Some(_) => {
            let overridden = delay_override(job.overrides());
            let (amount, unit) = overridden.unwrap_or_else(|| (number(amount), unit));
            scaled(amount, unit)
        }
    }
}

/// An amount and a unit as a duration. A negative amount is zero.
pub(crate) fn from_amount(amount: &Value, unit: Option<&str>) -> Duration {
    scaled(number(amount), unit).unwrap_or_default()
}

fn until_date(step: &Step, payload: &Value, now: Duration) -> Result<Duration, DelayError> {
    let path = step.delay_path().ok_or_else(|| DelayError::Thrown("Delay path not found".to_owned()))?;
    let date = js::property(payload, path).unwrap_or_default();
    let date = date.as_str().and_then(js::parse_date).ok_or(DelayError::NotANumber)?;
    let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
    let millis = u64::try_from(date.saturating_sub(now));
    millis.map(Duration::from_millis).map_err(|_| {
        let message = format!("Delay date at path {path} must be a future date");
        DelayError::Thrown(message)
    })
}

/// `overrides.delay`, if it has a number and a unit that the server accepts.
fn delay_override(overrides: &Value) -> Option<(f64, Option<&str>)> {
    const UNITS: [&str; 6] = ["seconds", "minutes", "hours", "days", "weeks", "months"];
    let delay = overrides.get("delay")?;
    let unit = delay.get("unit")?.as_str().filter(|unit| UNITS.contains(unit))?;
    Some((delay.get("amount")?.as_f64()?, Some(unit)))
}

/// The server counts weeks, months and a missing unit as seconds.
fn scaled(amount: f64, unit: Option<&str>) -> Result<Duration, DelayError> {
    let seconds = match unit {
        Some("minutes") => 60.0,
        Some("hours") => 3600.0,
        Some("days") => 86_400.0,
        _ => 1.0,
    };
    if amount.is_nan() {
        return Err(DelayError::NotANumber);
    }
    Ok(Duration::try_from_secs_f64((amount * seconds).max(0.0)).unwrap_or(Duration::MAX))
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => js::number(text),
        _ => f64::NAN,
    }
}
