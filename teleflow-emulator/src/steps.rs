//! How the steps of a notification follow each other, as time passes.
//!
//! Source: `create-notification-jobs.usecase.ts`, `add-job.usecase.ts`, `merge-or-create-digest.usecase.ts` of the server.

use std::sync::Arc;
use std::time::Duration;

use crate::definition::{Definition, Step};
use crate::delay::{self, Unusable};
use crate::history::{History, Notification, Progress, Row, is_channel};
use crate::job::Job;
use crate::js;
use crate::world::Environment;

/// What becomes of a step when its turn comes.
enum Turn {
    /// It is done, and the next one's turn comes.
    Over(Progress, Option<(&'static str, &'static str)>),
    /// It waits until this time.
    Held(Duration),
    /// The event goes into the digest that waits with another notification.
    Merged(usize),
    /// The worker stops here.
    Broken(Option<&'static str>),
}

/// The rows of a new notification: one for each active step, or, where a digest is active, one for every step after one
/// for the trigger.
pub(crate) fn rows(workflow: &Definition, environment: &mut Environment) -> Vec<Row> {
    let has_digest =
        workflow.steps().iter().any(|step| step.active && step.kind() == "digest" && step.timing().is_some());
    let first = has_digest.then(|| Row::new(environment.next_id(), "trigger", Progress::Pending, None));
    let steps = workflow.steps().iter().enumerate().filter(|(_, step)| step.active || has_digest);
    let rows = steps.map(|(index, step)| Row::new(environment.next_id(), step.kind(), Progress::Pending, Some(index)));
    first.into_iter().chain(rows.collect::<Vec<_>>()).collect()
}

/// Finds a delay that is not a number, with which the worker makes no notification.
pub(crate) fn unusable_delay<'a>(workflow: &'a Definition, rows: &[Row], job: &Job, now: Duration) -> Option<&'a Step> {
    let steps = rows.iter().filter_map(|row| workflow.steps().get(row.step?));
    steps
        .filter(|step| matches!(step.kind(), "delay" | "digest"))
        .find(|step| delay::of(step, job, now) == Err(Unusable::NotANumber))
}

/// Adds a notification, and does its steps up to the first that holds it back.
pub(crate) fn start(history: &mut History, notification: Notification) {
    let created = notification.created;
    let position = history.add(notification);
    proceed(history, position, created);
    resume(history, created);
}

/// Goes on with every notification whose delay or digest has ended.
pub(crate) fn resume(history: &mut History, now: Duration) {
    while let Some((until, position)) = history.take_due(now) {
        let rows = history.notification_mut(position).map(|notification| notification.rows.as_mut_slice());
        let is_due = |row: &&mut Row| row.progress == Progress::Delayed && row.until == Some(until);
        // A cancel has been faster.
        let Some(row) = rows.into_iter().flatten().find(is_due) else { continue };
        row.progress = Progress::Completed;
        if row.kind == "digest" {
            row.note("Pending", "Start digesting", until);
            row.note("Success", "Digest triggered events", until);
        } else {
            row.note("Success", "Delay is finished", until);
        }
        proceed(history, position, until);
    }
}

fn proceed(history: &mut History, position: usize, at: Duration) {
    while let Some(turn) = next_turn(history, position, at) {
        let Some(notification) = history.notification_mut(position) else { return };
        let mut rest = notification.rows.iter_mut().skip_while(|row| row.progress != Progress::Pending);
        let Some(row) = rest.next() else { return };
        match turn {
            Turn::Over(progress, note) => {
                row.progress = progress;
                if let Some((status, detail)) = note {
                    row.note(status, detail, at);
                }
            }
            Turn::Held(until) => {
                row.progress = Progress::Delayed;
                row.until = Some(until);
                row.note("Pending", "Step queued", at);
                row.note("Pending", if row.kind == "digest" { "Step digested" } else { "Step delayed" }, at);
                return history.hold(position, until);
            }
            Turn::Merged(leader) => {
                row.merged_into = Some(leader);
                row.progress = Progress::Merged;
                row.note("Success", "Digest was merged with other digest", at);
                return rest.for_each(|row| row.progress = Progress::Merged);
            }
            Turn::Broken(detail) => {
                if let Some(detail) = detail {
                    row.note("Failed", detail, at);
                }
                // The worker reports the failure of a step that it could not add at the step before it.
                let before = notification.rows.iter_mut().take_while(|row| row.progress != Progress::Pending).last();
                before.into_iter().for_each(|row| row.progress = Progress::Failed);
                return;
            }
        }
    }
}

/// The turn of the first pending step. `None` if there is none.
fn next_turn(history: &History, position: usize, at: Duration) -> Option<Turn> {
    let notification = history.notifications().get(position)?;
    let row = notification.rows.iter().find(|row| row.progress == Progress::Pending)?;
    let step = row.step.and_then(|index| notification.workflow.steps().get(index));
    let turn = match (row.kind.as_str(), step) {
        ("digest", Some(step)) => digest(history, position, notification, step, at),
        ("delay", Some(step)) => match delay::of(step, &notification.job, at) {
            Ok(time) => Turn::Held(at.saturating_add(time)),
            Err(_) => Turn::Broken(Some("Invalid delay configuration")),
        },
        ("in_app", _) => Turn::Over(Progress::Completed, Some(("Success", "Message created"))),
        (kind, _) if is_channel(kind) => Turn::Over(Progress::Completed, Some(("Success", "Message sent"))),
        _ => Turn::Over(Progress::Completed, None),
    };
    Some(turn)
}

fn digest(history: &History, position: usize, notification: &Notification, step: &Step, at: Duration) -> Turn {
    let Ok(time) = delay::of(step, &notification.job, at) else {
        return Turn::Broken(None);
    };
    let is_other = |(other, known): &(usize, &Notification)| {
        *other != position && is_same_digest(known, notification, step.digest_key())
    };
    if let Some((amount, unit)) = step.backoff() {
        let from = at.saturating_sub(delay::of_amount(amount, unit));
        let mut others =
            history.notifications().iter().enumerate().rev().take_while(|(_, known)| known.created >= from);
        if others.find(is_other).is_none() {
            return Turn::Over(Progress::Skipped, Some(("Success", "Digest was skipped, first backoff event")));
        }
    }
    let waiting = history.held().filter_map(|(_, other)| Some((other, history.notifications().get(other)?)));
    let is_digesting = |(_, known): &(usize, &Notification)| {
        known.rows.iter().any(|row| row.kind == "digest" && row.progress == Progress::Delayed)
    };
    match waiting.filter(is_other).find(is_digesting) {
        Some((leader, _)) => Turn::Merged(leader),
        None => Turn::Held(at.saturating_add(time)),
    }
}

/// Do both go to the same subscriber by the same workflow, with the same value at the digest's key?
fn is_same_digest(one: &Notification, other: &Notification, key: Option<&str>) -> bool {
    one.subscriber_id == other.subscriber_id
        && one.job.environment_id() == other.job.environment_id()
        && is_same_workflow(&one.workflow, &other.workflow)
        && key.is_none_or(|key| {
            // A missing value is the same as `null`.
            let at_key = |known| js::at_path(Notification::payload(known), key).filter(|value| !value.is_null());
            at_key(one) == at_key(other)
        })
}

fn is_same_workflow(one: &Arc<Definition>, other: &Arc<Definition>) -> bool {
    Arc::ptr_eq(one, other) || (one.id().is_some() && one.id() == other.id())
}
