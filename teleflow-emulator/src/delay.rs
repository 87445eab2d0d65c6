//! For how long a delay or a digest holds an event back.
//!
//! Source: `calculate-delay.service.ts` and `add-job/validation.ts` of the server.

use std::time::Duration;

use serde_json::Value;

use crate::definition::Step;
use crate::job::Job;
use crate::{clock, js};

/// Why a step cannot hold an event back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// The time is not a number, and the worker fails before it has made the notification.
    NotANumber,
    /// The worker throws this at the step.
    Thrown(String),
}

/// The time for which a step holds an event back from `now`, which counts from 1970.
pub(crate) fn of(step: &Step, job: &Job, now: Duration) -> Result<Duration, Unusable> {
    let (amount, unit) = step.amount();
    if step.kind() == "digest" && step.timing().is_some() {
        if !js::truthy(amount) {
            return Err(Unusable::Thrown("Invalid digest amount".to_owned()));
        }
        if unit.is_none_or(str::is_empty) {
            return Err(Unusable::Thrown("Invalid digest unit".to_owned()));
        }
    }
    match step.timing() {
        None => Ok(Duration::ZERO),
        Some("scheduled") => until_date(step, job.payload(), now),
        // A timed digest ends at whole seconds. The emulator counts units only: it knows no times of day, no weekdays.
        Some("timed") => {
            let days = match unit {
                Some("weeks") => 7.0,
                Some("months") => 30.0,
                _ => 1.0,
            };
            let unit = unit.filter(|unit| !matches!(*unit, "weeks" | "months")).unwrap_or("days");
            let time = millis(number(amount) * days, Some(unit))?;
            Ok(time.saturating_sub(Duration::from_millis(u64::from(now.subsec_millis()))))
        }
        Some(_) => {
            let given = overriding(job.overrides());
            let (amount, unit) = given.unwrap_or_else(|| (number(amount), unit));
            millis(amount, unit)
        }
    }
}

/// An amount and a unit as a time. Less than nothing is nothing.
pub(crate) fn of_amount(amount: &Value, unit: Option<&str>) -> Duration {
    millis(number(amount), unit).unwrap_or_default()
}

fn until_date(step: &Step, payload: &Value, now: Duration) -> Result<Duration, Unusable> {
    let path = step.delay_path().ok_or_else(|| Unusable::Thrown("Delay path not found".to_owned()))?;
    let date = js::property(payload, path).unwrap_or_default();
    let date = date.as_str().and_then(clock::parse_iso).ok_or(Unusable::NotANumber)?;
    let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
    let millis = u64::try_from(date.saturating_sub(now));
    millis.map(Duration::from_millis).map_err(|_| {
        let message = format!("Delay date at path {path} must be a future date");
        Unusable::Thrown(message)
    })
}

/// `overrides.delay`, where the server takes it: a number, and a unit that it knows by name.
fn overriding(overrides: &Value) -> Option<(f64, Option<&str>)> {
    const UNITS: [&str; 6] = ["seconds", "minutes", "hours", "days", "weeks", "months"];
    let delay = overrides.get("delay")?;
    let unit = delay.get("unit")?.as_str().filter(|unit| UNITS.contains(unit))?;
    Some((delay.get("amount")?.as_f64()?, Some(unit)))
}

/// Weeks, months and no unit at all count as seconds.
fn millis(amount: f64, unit: Option<&str>) -> Result<Duration, Unusable> {
    let seconds = match unit {
        Some("minutes") => 60.0,
        Some("hours") => 3600.0,
        Some("days") => 86_400.0,
        _ => 1.0,
    };
    if amount.is_nan() {
        return Err(Unusable::NotANumber);
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
