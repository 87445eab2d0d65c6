//! A digest step: it collects events for the same subscriber until its time is over.
//!
//! Source: `merge-or-create-digest.usecase.ts` of the server.

use std::sync::Arc;
use std::time::Duration;

use super::delay;
use super::history::History;
use super::notification::{Notification, StepStatus};
use super::step_outcome::StepOutcome;
use crate::database::definition::{Definition, Step};
use crate::js;

/// Runs the digest step `step` of the notification at `position`.
pub(crate) fn run(
    history: &History,
    position: usize,
    notification: &Notification,
    step: &Step,
    now: Duration,
) -> StepOutcome {
    let Ok(time) = delay::duration(step, &notification.job, now) else {
        return StepOutcome::Failed(None);
    };
    let is_same = |(other_position, other): &(usize, &Notification)| {
        *other_position != position && is_same_digest(other, notification, step.digest_key())
    };
    if let Some((amount, unit)) = step.backoff() {
        let earliest = now.saturating_sub(delay::from_amount(amount, unit));
        let mut recent =
            history.notifications().iter().enumerate().rev().take_while(|(_, other)| other.created >= earliest);
        if recent.find(is_same).is_none() {
            let detail = ("Success", "Digest was skipped, first backoff event");
            return StepOutcome::Done(StepStatus::Skipped, Some(detail));
        }
    }
    let waiting = history.waiting().filter_map(|(_, other)| Some((other, history.notifications().get(other)?)));
    let is_digesting = |(_, other): &(usize, &Notification)| {
        other.steps.iter().any(|step| step.kind == "digest" && step.status == StepStatus::Delayed)
    };
    match waiting.filter(is_same).find(is_digesting) {
        Some((leader, _)) => StepOutcome::Merged(leader),
        None => StepOutcome::Waiting(now.saturating_add(time)),
    }
}

/// Whether two notifications have the same subscriber, the same workflow, and the same value at the digest key.
fn is_same_digest(one: &Notification, other: &Notification, key: Option<&str>) -> bool {
    one.subscriber_id == other.subscriber_id
        && one.job.environment_id() == other.job.environment_id()
        && is_same_workflow(&one.workflow, &other.workflow)
        && key.is_none_or(|key| {
            // A missing value equals `null`.
            let value_at_key =
                |notification| js::at_path(Notification::payload(notification), key).filter(|value| !value.is_null());
            value_at_key(one) == value_at_key(other)
        })
}

fn is_same_workflow(one: &Arc<Definition>, other: &Arc<Definition>) -> bool {
    Arc::ptr_eq(one, other) || (one.id().is_some() && one.id() == other.id())
}
