//! How long a delay or a digest step waits.
// Source: `calculate-delay.service.ts` and `add-job/validation.ts`.

// A module imports only from those below it.
mod timed;
mod recurrence;

use std::time::Duration;

use serde_json::Value;

use super::job::Job;
use crate::database::definition::Step;
use crate::js::{self, Member};

/// The message of the error that the worker throws because it cannot compute how long a step waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DelayError(pub(crate) String);

fn thrown<T>(message: impl Into<String>) -> Result<T, DelayError> {
    Err(DelayError(message.into()))
}

/// How many milliseconds a step waits from `now`, the time since 1970. It may be negative or NaN.
pub(crate) fn millis(step: &Step, job: &Job, now: Duration) -> Result<f64, DelayError> {
    if step.kind() == "digest" {
        timed::validate(step)?;
    }
    let Some(metadata) = step.metadata() else { return thrown("Step metadata not found") };
    let (amount, unit) = step.amount();
    match metadata.r#type.as_deref() {
        Some("scheduled") => until_date(step, job.payload(), now),
        Some("regular" | "backoff") => {
            let (amount, unit) = delay_override(job.overrides()).unwrap_or_else(|| (number(amount), unit));
            Ok(scaled(amount, unit))
        }
        Some("timed") => timed::millis(amount, unit, &metadata.timed, now),
        _ => Ok(0.0),
    }
}

fn until_date(step: &Step, payload: &Value, now: Duration) -> Result<f64, DelayError> {
    let Some(path) = step.delay_path() else { return thrown("Delay path not found") };
    let millis = js::to_date(&Member::of(js::property(payload, path).as_deref())) - now.as_millis() as f64;
    if millis < 0.0 {
        return thrown(format!("Delay date at path {path} must be a future date"));
    }
    Ok(millis)
}

/// `overrides.delay`, if it has a number and a unit that the server accepts.
fn delay_override(overrides: &Value) -> Option<(f64, Option<&str>)> {
    const UNITS: [&str; 6] = ["seconds", "minutes", "hours", "days", "weeks", "months"];
    let delay = overrides.get("delay")?;
    let unit = delay.get("unit")?.as_str().filter(|unit| UNITS.contains(unit))?;
    Some((delay.get("amount")?.as_f64()?, Some(unit)))
}

/// In milliseconds. The server counts weeks, months and a missing unit as seconds.
fn scaled(amount: f64, unit: Option<&str>) -> f64 {
    let seconds = match unit {
        Some("minutes") => 60.0,
        Some("hours") => 3600.0,
        Some("days") => 86_400.0,
        _ => 1.0,
    };
    1000.0 * amount * seconds
}

/// `1 * value`, for an amount. A missing amount is NaN.
fn number(value: &Value) -> f64 {
    match value {
        Value::Null => f64::NAN,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(_) | Value::Array(_) | Value::Object(_) => js::parse_number(&js::to_text(value)),
    }
}
