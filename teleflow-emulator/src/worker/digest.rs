//! A digest step: it collects events for the same subscriber until its time is over.

// A module imports only from those below it.
mod window;

use std::time::Duration;

use serde_json::Value;

use self::window::earliest;
use super::digest_index::DigestSet;
use super::history::History;
use super::notification::Notification;
use super::step_record::{StepId, StepStatus};
use crate::database::definition::Step;
use crate::js;

/// How a digest step begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DigestStart {
    /// It waits, and collects later events.
    Created,
    /// The event joins this digest.
    Merged(StepId),
    /// It is the first event for a while, so it is not digested.
    Skipped,
}

/// Begins the digest step `id`.
// Source: `shouldDelayDigestJobOrMerge` in `job.repository.ts`.
pub(crate) fn begin(history: &History, id: StepId, step: &Step, now: Duration) -> DigestStart {
    let Some(notification) = history.notification(id.notification) else { return DigestStart::Created };
    let Some(same) = with_same_value(history, id, step) else { return DigestStart::Created };
    if let Some((amount, unit)) = step.backoff() {
        let from = earliest(now, amount, unit);
        let other = triggers_since(history, same, from).find(|(other, _)| *other != id.notification);
        // Of events that come at the same time, only one is not digested.
        if other.is_none_or(|(_, other)| notification.created < other.created) {
            return DigestStart::Skipped;
        }
    }
    same.delayed.first().copied().map_or(DigestStart::Created, DigestStart::Merged)
}

/// The delayed digest that runs in the place of a cancelled one.
// Source: `activeDigestMainFollowerExist` in `run-job.usecase.ts`.
pub(crate) fn follower(history: &History, cancelled: StepId, step: &Step) -> Option<StepId> {
    let notification = history.notification(cancelled.notification)?;
    let value = step.digest_key().and_then(|key| js::at_path(notification.payload(), key));
    let others = match js::if_truthy(value.as_deref()) {
        Some(_) => with_same_value(history, cancelled, step),
        None => history.digests.group(cancelled.notification),
    };
    others?.delayed.first().copied()
}

/// The payloads that a digest collected, its own first. `None` if the notification has no step for its trigger, without
/// which the server cannot find the others.
pub(crate) fn events(history: &History, id: StepId, step: &Step, merged_ids: bool) -> Option<Vec<Value>> {
    let notification = history.notification(id.notification)?;
    let others = if merged_ids {
        merged(history, id)
    } else {
        trigger_status(notification)?;
        unmerged(history, with_same_value(history, id, step)?, step, notification, id.notification)
    };
    let payloads = others.into_iter().map(Notification::payload);
    Some(std::iter::once(notification.payload()).chain(payloads).cloned().collect())
}

/// The notifications of the digest steps that were merged into the digest `id`.
// Source: `getEvents` in `digest.usecase.ts`, for `IS_USE_MERGED_DIGEST_ID_ENABLED`.
fn merged(history: &History, id: StepId) -> Vec<&Notification> {
    let is_merged = |id: &StepId| history.step(*id).is_some_and(|step| step.status == StepStatus::Merged);
    let followers = history.digests.followers(id).into_iter().filter(is_merged);
    followers.filter_map(|id| history.notification(id.notification)).collect()
}

/// The notifications whose events the server adds to a digest by their time. It does not check whether they were merged
/// into this digest.
// Source: `get-digest-events-regular.usecase.ts`, `get-digest-events-backoff.usecase.ts`, and `findJobsToDigest` in
// `job.repository.ts`.
fn unmerged<'a>(
    history: &'a History,
    same: &DigestSet,
    step: &Step,
    notification: &Notification,
    position: usize,
) -> Vec<&'a Notification> {
    let is_backoff = step.backoff().is_some();
    let (amount, unit) = step.amount();
    let from = if is_backoff { notification.created } else { earliest(notification.created, amount, unit) };
    let others = triggers_since(history, same, from).filter(|(other, other_notification)| {
        *other != position
            && (is_backoff || !is_elsewhere(other_notification))
            && has_identical_value(other_notification, step, notification)
    });
    others.map(|(_, other)| other).collect()
}

/// The digest steps that the server marks as completed when a digest ends, though they have not begun.
// Source: `findJobsToDigest` in `job.repository.ts`.
pub(crate) fn completed_early(history: &History, id: StepId, step: &Step) -> Vec<StepId> {
    let Some(notification) = history.notification(id.notification).filter(|_| step.backoff().is_none()) else {
        return Vec::new();
    };
    let Some(same) = with_same_value(history, id, step) else { return Vec::new() };
    let (amount, unit) = step.amount();
    let found = triggers_since(history, same, earliest(notification.created, amount, unit))
        .filter(|(_, other)| !is_elsewhere(other));
    let pending = found.flat_map(|(position, other)| {
        let steps = other.steps.iter().enumerate();
        let pending = steps.filter(|(_, step)| step.kind == "digest" && step.status == StepStatus::Pending);
        pending.map(move |(step, _)| StepId { notification: position, step })
    });
    pending.collect()
}

/// The notifications of the group of a digest step that have its value at the digest key.
fn with_same_value<'a>(history: &'a History, id: StepId, step: &Step) -> Option<&'a DigestSet> {
    let Some(key) = step.digest_key() else { return history.digests.group(id.notification) };
    let value = js::at_path(history.notification(id.notification)?.payload(), key).unwrap_or_default();
    history.digests.with_value(id.notification, key, &value)
}

/// The notifications of a set whose trigger has completed, since this time, oldest first.
fn triggers_since<'a>(
    history: &'a History,
    set: &DigestSet,
    from: Duration,
) -> impl Iterator<Item = (usize, &'a Notification)> {
    let created = |position: &usize| history.notification(*position).map(|other| other.created);
    let first = set.notifications.partition_point(|position| created(position).is_some_and(|at| at < from));
    let positions = set.notifications.get(first..).unwrap_or_default();
    let found = positions.iter().filter_map(|position| Some((*position, history.notification(*position)?)));
    found.filter(|(_, other)| trigger_status(other) == Some(StepStatus::Completed))
}

fn trigger_status(notification: &Notification) -> Option<StepStatus> {
    notification.steps.first().filter(|step| step.kind == "trigger").map(|step| step.status)
}

/// Whether an event was sent by its own digest, or waits in a delay.
fn is_elsewhere(notification: &Notification) -> bool {
    notification.steps.iter().any(|step| {
        matches!((step.kind.as_str(), step.status), ("digest", StepStatus::Completed) | ("delay", StepStatus::Delayed))
    })
}

/// Whether two events have the same value at the digest key, as JavaScript's `===` compares them.
fn has_identical_value(event: &Notification, step: &Step, other: &Notification) -> bool {
    let Some(key) = step.digest_key() else { return true };
    let value = js::at_path(event.payload(), key);
    let is_reference = value.as_deref().is_some_and(|value| value.is_object() || value.is_array());
    !is_reference && value == js::at_path(other.payload(), key)
}
