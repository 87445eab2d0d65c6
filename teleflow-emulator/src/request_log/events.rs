//! Collects the events of all attempts: the attempts of one request are one event each.

use std::collections::HashMap;

use serde_json::Value;

use super::attempt::{Attempt, EventResult};
use super::sensitive::redacted;

/// An event by the number of its first attempt, and its position in that request.
pub(crate) type EventKey = (usize, usize);

/// One event, with all its attempts.
#[derive(Clone)]
pub(crate) struct LoggedEvent {
    pub(crate) key: EventKey,
    /// The JSON as it was sent.
    pub(crate) json: Value,
    /// The paths to the sensitive values of its payload.
    pub(crate) sensitive: Vec<String>,
    /// The path of its last attempt.
    pub(crate) path: String,
    pub(crate) is_broadcast: bool,
    pub(crate) attempts: u32,
    /// The result of the last attempt, or `Queued` if one of them was queued.
    pub(crate) result: EventResult,
}

impl LoggedEvent {
    /// The JSON as people may read it.
    pub(crate) fn redacted(&self) -> Value {
        redacted(&self.json, &self.sensitive)
    }
}

/// The events, in the order of their first attempts.
///
/// An attempt belongs to an earlier event if it has the same bytes and the same idempotency key. It also does if the
/// earlier event was not queued: then a bulk was split into its events, or the application has sent the event again.
pub(super) fn collect(attempts: &[Attempt]) -> Vec<LoggedEvent> {
    let mut events: Vec<LoggedEvent> = Vec::new();
    // By transaction id: the position in `events`, and the idempotency key.
    let mut newest: HashMap<String, (usize, Option<&str>)> = HashMap::new();
    for (number, attempt) in attempts.iter().enumerate() {
        for (position, json) in attempt.events().into_iter().enumerate() {
            let result = attempt.result(position);
            let id = json.get("transactionId").and_then(Value::as_str).unwrap_or_default().to_owned();
            let key = attempt.idempotency_key.as_deref();
            let earlier = newest.get(&id).filter(|_| !id.is_empty()).and_then(|(index, other)| {
                let event = events.get_mut(*index)?;
                let is_same = event.json == json && event.is_broadcast == attempt.is_broadcast();
                let is_retry = event.result != EventResult::Queued || (key.is_some() && *other == key);
                (is_same && is_retry).then_some(event)
            });
            if let Some(event) = earlier {
                event.attempts += 1;
                let sensitive = attempt.sensitive_paths(position).iter();
                let sensitive = sensitive.filter(|path| !event.sensitive.contains(path)).cloned().collect::<Vec<_>>();
                event.sensitive.extend(sensitive);
                event.path.clone_from(&attempt.path);
                if event.result != EventResult::Queued {
                    event.result = result;
                }
                continue;
            }
            newest.insert(id, (events.len(), key));
            events.push(LoggedEvent {
                key: (number, position),
                json,
                sensitive: attempt.sensitive_paths(position).to_vec(),
                path: attempt.path.clone(),
                is_broadcast: attempt.is_broadcast(),
                attempts: 1,
                result,
            });
        }
    }
    events
}
