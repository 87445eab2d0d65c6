//! The steps of a new notification.
// Source: `create-notification-jobs.usecase.ts`.

use std::time::Duration;

use super::delay;
use super::job::Job;
use super::step_record::{StepRecord, StepStatus};
use crate::database::definition::{Definition, Step};
use crate::database::environment::Environment;

/// The step records of a new notification.
///
/// There is one for each active step. If the first active digest has a type, there is one for the trigger and then one
/// for every step.
pub(crate) fn pending(workflow: &Definition, environment: &mut Environment) -> Vec<StepRecord> {
    let digest = workflow.steps().iter().find(|step| step.active && step.kind() == "digest");
    let runs_all = digest.is_some_and(|digest| digest.timing().is_some_and(|timing| !timing.is_empty()));
    let mut records = Vec::new();
    if runs_all {
        records.push(StepRecord::new(environment.next_id(), "trigger", StepStatus::Pending, None));
    }
    for (index, step) in workflow.steps().iter().enumerate().filter(|(_, step)| step.active || runs_all) {
        records.push(StepRecord::new(environment.next_id(), step.kind(), StepStatus::Pending, Some(index)));
    }
    records
}

/// Finds a step whose delay is not a number. The worker then makes no notification, because it cannot compute when it
/// expires. It does not compute that if another delay fails.
pub(crate) fn invalid_delay<'a>(workflow: &'a Definition, job: &Job, now: Duration) -> Option<&'a Step> {
    let mut invalid = None;
    for step in workflow.steps().iter().filter(|step| matches!(step.kind(), "delay" | "digest")) {
        if delay::millis(step, job, now).ok()?.is_nan() {
            invalid = invalid.or(Some(step));
        }
    }
    invalid
}
