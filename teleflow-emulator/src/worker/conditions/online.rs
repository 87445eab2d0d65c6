//! Conditions on whether the subscriber is or was online.

use std::time::Duration;

use serde_json::Value;

use crate::js::{self, Member};

/// Whether the subscriber is online, or offline if the condition says so.
pub(super) fn is_online(child: &Value, subscriber: &Value) -> bool {
    has_online_fields(subscriber)
        && js::is_identical(&Member::of(subscriber.get("isOnline")), &Member::of(child.get("value")))
}

/// Whether the subscriber is online, or was online in the last minutes, hours or days.
///
/// A subscriber who is offline and was never online passes, because the worker takes `now` as the last time.
pub(super) fn is_online_in_last(child: &Value, subscriber: &Value, now: Duration) -> bool {
    if !has_online_fields(subscriber) {
        return false;
    }
    if js::if_truthy(subscriber.get("isOnline")).is_some() {
        return true;
    }
    let unit_millis = match child.get("timeOperator").and_then(Value::as_str) {
        Some("minutes") => 60_000.0,
        Some("hours") => 3_600_000.0,
        _ => 86_400_000.0,
    };
    let now = now.as_millis() as f64;
    let last = match js::if_truthy(subscriber.get("lastOnlineAt")) {
        None => now,
        Some(Value::String(date)) => js::parse_date(date).map_or(f64::NAN, |millis| millis as f64),
        Some(_) => f64::NAN,
    };
    let units = ((now - last) / unit_millis).trunc();
    let limit = Member::of(child.get("value"));
    units >= 0.0 && js::compare(&Member::Number(units), &limit).is_some_and(std::cmp::Ordering::is_le)
}

/// Subscribers from before the server kept these fields never pass.
fn has_online_fields(subscriber: &Value) -> bool {
    ["isOnline", "lastOnlineAt"].iter().any(|field| subscriber.get(field).is_some())
}
