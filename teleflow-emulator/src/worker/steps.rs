//! The steps of a notification run in order. A delay or a digest makes the notification wait.
//!
//! Source: `create-notification-jobs.usecase.ts` and `add-job.usecase.ts` of the server.

use std::time::Duration;

use super::delay::{self, DelayError};
use super::history::History;
use super::job::Job;
use super::notification::{Notification, StepRecord, StepStatus, is_channel};
use super::step_outcome::StepOutcome;
use super::{digest, message};
use crate::database::definition::{Definition, Step};
use crate::database::environment::Environment;

/// The step records of a new notification.
///
/// There is one for each active step. If a digest is active, there is one for the trigger and then one for every step.
pub(crate) fn pending(workflow: &Definition, environment: &mut Environment) -> Vec<StepRecord> {
    let has_digest =
        workflow.steps().iter().any(|step| step.active && step.kind() == "digest" && step.timing().is_some());
    let mut records = Vec::new();
    if has_digest {
        records.push(StepRecord::new(environment.next_id(), "trigger", StepStatus::Pending, None));
    }
    for (index, step) in workflow.steps().iter().enumerate().filter(|(_, step)| step.active || has_digest) {
        records.push(StepRecord::new(environment.next_id(), step.kind(), StepStatus::Pending, Some(index)));
    }
    records
}

/// Finds a step whose delay is not a number. The worker then makes no notification.
pub(crate) fn invalid_delay<'a>(
    workflow: &'a Definition,
    records: &[StepRecord],
    job: &Job,
    now: Duration,
) -> Option<&'a Step> {
    let steps = records.iter().filter_map(|record| workflow.steps().get(record.index?));
    steps
        .filter(|step| matches!(step.kind(), "delay" | "digest"))
        .find(|step| delay::duration(step, job, now) == Err(DelayError::NotANumber))
}

/// Adds a notification, and runs its steps up to the first one that waits.
pub(crate) fn start(history: &mut History, notification: Notification) {
    let created = notification.created;
    let position = history.add(notification);
    run_pending(history, position, created);
    resume(history, created);
}

/// Resumes every notification whose delay or digest has ended.
pub(crate) fn resume(history: &mut History, now: Duration) {
    while let Some((resumes_at, position)) = history.take_due(now) {
        let steps = history.notification_mut(position).map(|notification| notification.steps.as_mut_slice());
        let is_due = |step: &&mut StepRecord| step.status == StepStatus::Delayed && step.resumes_at == Some(resumes_at);
        // A step that was cancelled meanwhile is not delayed any more.
        let Some(step) = steps.into_iter().flatten().find(is_due) else { continue };
        step.status = StepStatus::Completed;
        if step.kind == "digest" {
            step.add_detail("Pending", "Start digesting", resumes_at);
            step.add_detail("Success", "Digest triggered events", resumes_at);
        } else {
            step.add_detail("Success", "Delay is finished", resumes_at);
        }
        run_pending(history, position, resumes_at);
    }
}

fn run_pending(history: &mut History, position: usize, now: Duration) {
    while let Some(outcome) = run_next(history, position, now) {
        let Some(notification) = history.notification_mut(position) else { return };
        let mut rest = notification.steps.iter_mut().skip_while(|step| step.status != StepStatus::Pending);
        let Some(step) = rest.next() else { return };
        match outcome {
            StepOutcome::Done(status, detail) => {
                step.status = status;
                if let Some((status, detail)) = detail {
                    step.add_detail(status, detail, now);
                }
            }
            StepOutcome::Waiting(resumes_at) => {
                step.status = StepStatus::Delayed;
                step.resumes_at = Some(resumes_at);
                step.add_detail("Pending", "Step queued", now);
                step.add_detail("Pending", if step.kind == "digest" { "Step digested" } else { "Step delayed" }, now);
                return history.wait_until(position, resumes_at);
            }
            StepOutcome::Merged(leader) => {
                step.merged_into = Some(leader);
                step.status = StepStatus::Merged;
                step.add_detail("Success", "Digest was merged with other digest", now);
                return rest.for_each(|step| step.status = StepStatus::Merged);
            }
            StepOutcome::Failed(detail) => {
                if let Some(detail) = detail {
                    step.add_detail("Failed", detail, now);
                }
                // The worker reports a step that it cannot add as a failure of the step before it.
                let previous =
                    notification.steps.iter_mut().take_while(|step| step.status != StepStatus::Pending).last();
                previous.into_iter().for_each(|step| step.status = StepStatus::Failed);
                return;
            }
        }
    }
}

/// Runs the first pending step. `None` if there is none.
fn run_next(history: &History, position: usize, now: Duration) -> Option<StepOutcome> {
    let notification = history.notifications().get(position)?;
    let record = notification.steps.iter().find(|step| step.status == StepStatus::Pending)?;
    let step = record.index.and_then(|index| notification.workflow.steps().get(index));
    let outcome = match (record.kind.as_str(), step) {
        ("digest", Some(step)) => digest::run(history, position, notification, step, now),
        ("delay", Some(step)) => match delay::duration(step, &notification.job, now) {
            Ok(time) => StepOutcome::Waiting(now.saturating_add(time)),
            Err(_) => StepOutcome::Failed(Some("Invalid delay configuration")),
        },
        (kind, _) if is_channel(kind) => message::run(kind),
        _ => StepOutcome::Done(StepStatus::Completed, None),
    };
    Some(outcome)
}
