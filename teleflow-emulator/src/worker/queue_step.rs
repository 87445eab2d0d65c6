//! Queues a step: a delay or a digest waits, any other step runs at once.
// Source: `add-job.usecase.ts` and what it calls.

use std::time::Duration;

use serde_json::json;

use super::delay;
use super::digest::{self, DigestStart};
use super::history::History;
use super::message::{Detail, FILTERED};
use super::runner::Runner;
use super::step_outcome::StepOutcome;
use super::step_record::{StepId, StepStatus};
use crate::js;

const FIRST_EVENT: &str = "Digest was skipped, first backoff event";

/// The next state of a step that was queued.
enum Queued {
    /// It is due after this time in milliseconds. It is due at once after zero, a negative number, or NaN.
    After(f64),
    /// It does not run, but the next step does.
    Skipped,
    /// It runs with another notification, like all steps after it.
    Merged,
}

impl Runner<'_> {
    /// Queues a step. Returns the step that is due now, if there is one. An error has the message that the worker throws.
    pub(super) fn queue(&mut self, mut id: StepId) -> Result<Option<StepId>, String> {
        loop {
            let queued = match self.history.step(id).map(|step| step.kind.as_str()) {
                None => return Ok(None),
                Some("digest") => self.queue_digest(id)?,
                Some("delay") => self.queue_delay(id)?,
                Some(_) => {
                    self.history.set_status(id, StepStatus::Queued);
                    Queued::After(0.0)
                }
            };
            match queued {
                Queued::After(millis) => return Ok(self.wait(id, millis)),
                Queued::Merged => return Ok(None),
                Queued::Skipped => match self.history.next_step(id) {
                    Some(next) => id = next,
                    None => return Ok(None),
                },
            }
        }
    }

    /// Returns the step if it is due at once.
    fn wait(&mut self, id: StepId, millis: f64) -> Option<StepId> {
        self.add_detail(id, "Pending", "Step queued");
        if millis == 0.0 || millis.is_nan() {
            return Some(id);
        }
        let is_delay = self.history.step(id).is_some_and(|step| step.kind == "delay");
        let detail = if is_delay { "Step delayed" } else { "Step digested" };
        let raw = Some(js::with_js_numbers(json!({ "delay": millis })));
        self.history.add_details(id, [Detail { status: "Pending", detail: detail.into(), raw }], self.now);
        if millis < 0.0 {
            return Some(id);
        }
        // `1000 * 1.001` is slightly less than 1001. A cast saturates.
        let time = Duration::from_millis((millis + 0.0001) as u64);
        self.history.wait_until(id, self.now.saturating_add(time));
        None
    }

    fn queue_delay(&mut self, id: StepId) -> Result<Queued, String> {
        let is_filtered = !self.passes_conditions(id, false)?;
        let millis = self.millis(id).inspect_err(|error| {
            let raw = Some(json!({ "error": error }));
            let detail = Detail { status: "Failed", detail: "Invalid delay configuration".into(), raw };
            self.history.add_details(id, [detail], self.now);
            self.history.set_status(id, StepStatus::Canceled);
            self.history.set_result(id, StepOutcome::Cancelled, Some(error.clone()));
        })?;
        self.history.set_status(id, StepStatus::Delayed);
        Ok(Queued::After(if is_filtered { 0.0 } else { millis }))
    }

    fn queue_digest(&mut self, id: StepId) -> Result<Queued, String> {
        let is_filtered = !self.passes_conditions(id, false)?;
        let millis = self.millis(id)?;
        if is_filtered {
            self.history.set_status(id, StepStatus::Skipped);
            self.history.set_result(id, StepOutcome::FilteredByCondition, Some(FILTERED.to_owned()));
            self.add_detail(id, "Success", FILTERED);
            return Ok(Queued::Skipped);
        }
        let source = self.source(id);
        let Some(step) = source.as_ref().and_then(|source| source.step()) else { return Ok(Queued::After(0.0)) };
        match digest::begin(self.history, id, step, self.now) {
            DigestStart::Skipped => {
                self.history.set_status(id, StepStatus::Skipped);
                self.history.set_result(id, StepOutcome::Skipped, Some(FIRST_EVENT.to_owned()));
                self.add_detail(id, "Success", FIRST_EVENT);
                Ok(Queued::Skipped)
            }
            DigestStart::Merged(leader) => {
                merge(self.history, id, leader);
                self.add_detail(id, "Success", "Digest was merged with other digest");
                Ok(Queued::Merged)
            }
            DigestStart::Created => {
                self.history.set_status(id, StepStatus::Delayed);
                if !step.has_amount_and_unit() {
                    let id = self.history.step(id).map(|step| step.id.as_str()).unwrap_or_default();
                    return Err(format!("Somehow {id} had wrong digest settings and escaped validation"));
                }
                Ok(Queued::After(millis))
            }
        }
    }

    /// The time that a delay or digest waits.
    fn millis(&self, id: StepId) -> Result<f64, String> {
        let source = self.source(id);
        let Some((source, step)) = source.as_ref().and_then(|source| Some((source, source.step()?))) else {
            return Ok(0.0);
        };
        delay::millis(step, &source.event, self.now).map_err(|error| error.0)
    }
}

/// Merges a digest step, and the steps after it, into the digest `leader`.
fn merge(history: &mut History, id: StepId, leader: StepId) {
    let mut next = Some(id);
    while let Some(id) = next {
        history.set_status(id, StepStatus::Merged);
        if history.step(id).is_some_and(|step| step.kind == "digest") {
            history.digests.add_follower(leader, id);
        }
        next = history.next_step(id);
    }
}
