//! Runs the steps of a notification in order, up to one that waits.
// Source: `run-job.usecase.ts`, `queue-next-job.usecase.ts`, `standard.worker.ts` and `handle-last-failed-job.usecase.ts`.

use std::time::Duration;

use serde_json::{Value, json};

use super::digest;
use super::message::Detail;
use super::notification::Notification;
use super::runner::{Runner, StepSource};
use super::step_outcome::StepOutcome;
use super::step_record::{StepId, StepStatus};

/// How often the worker runs a step whose webhook fails.
const MAX_ATTEMPTS: u32 = 3;

impl Runner<'_> {
    /// Adds a notification, and runs its steps up to the first one that waits.
    pub(crate) fn start(&mut self, notification: Notification) {
        let notification = self.history.add(notification);
        let due = self.queue_or_record(StepId { notification, step: 0 });
        self.run_all(due);
    }

    /// Runs a step that is due, and the steps after it up to one that waits.
    pub(crate) fn run(&mut self, due: StepId) {
        self.run_all(Some(due));
    }

    fn run_all(&mut self, mut due: Option<StepId>) {
        while let Some(id) = due {
            due = self.run_one(id);
        }
    }

    /// Queues a step, and records the error if it cannot be queued.
    fn queue_or_record(&mut self, id: StepId) -> Option<StepId> {
        self.queue(id).unwrap_or_else(|error| {
            self.add_error(id.notification, error);
            None
        })
    }

    /// Runs one step. Returns the next one that is due now.
    fn run_one(&mut self, queued: StepId) -> Option<StepId> {
        let id = self.executor(queued)?;
        self.history.set_status(id, StepStatus::Running);
        let mut result = self.execute(id);
        let goes_on = match &result {
            Ok(()) => {
                self.history.set_status(id, StepStatus::Completed);
                true
            }
            Err(error) => !(self.stops_on_fail(id) || is_of_webhook(error)),
        };
        let mut due = None;
        if let Some(next) = self.history.next_step(id).filter(|_| goes_on) {
            match self.queue(next) {
                Ok(step) => due = step,
                // The error of this step, if there is one, is lost.
                Err(error) => result = Err(error),
            }
        }
        result.err().map_or(due, |error| self.fail(queued, error, due))
    }

    /// The step that runs when a queued step is due. In the place of a cancelled digest, another one of the same
    /// subscriber that is delayed runs, though it may not be due yet. It runs again when it is due.
    fn executor(&self, queued: StepId) -> Option<StepId> {
        let record = self.history.step(queued)?;
        if record.status != StepStatus::Canceled || !record.is_action() {
            return Some(queued);
        }
        let source = self.source(queued).filter(|_| record.kind == "digest")?;
        digest::follower(self.history, queued, source.step()?)
    }

    /// Marks a step as failed, or retries it if a webhook failed. Returns the step that is due now.
    fn fail(&mut self, queued: StepId, error: String, due: Option<StepId>) -> Option<StepId> {
        let failed_webhook = is_of_webhook(&error);
        let raw = json!({ "message": message_of(&error) });
        self.history.set_result(queued, StepOutcome::Failed, Some(error.clone()));
        self.add_error(queued.notification, error);
        if !failed_webhook {
            self.history.set_status(queued, StepStatus::Failed);
            return due;
        }
        let has_webhook =
            self.source(queued).as_ref().and_then(StepSource::step).is_some_and(|step| step.has_webhook());
        let attempts = self.history.step_mut(queued).map_or(MAX_ATTEMPTS, |step| {
            step.attempts += 1;
            step.attempts
        });
        if attempts < MAX_ATTEMPTS {
            if has_webhook {
                let detail = "Webhook filter failed, retry will be executed".into();
                self.history.add_details(queued, [Detail { status: "Pending", detail, raw: Some(raw) }], self.now);
                // The server multiplies 2^attempts seconds by a random number below 1.
                let wait = Duration::from_millis(500) * 2_u32.pow(attempts);
                self.history.wait_until(queued, self.now.saturating_add(wait));
            }
            // Without conditions on a webhook, the step is not retried, and the server forgets to mark it as failed.
            return due;
        }
        self.history.set_status(queued, StepStatus::Failed);
        let detail = "Failed to get response from remote webhook filter on last retry".into();
        self.history.add_details(queued, [Detail { status: "Pending", detail, raw: Some(raw) }], self.now);
        if self.stops_on_fail(queued) {
            return due;
        }
        self.history.next_step(queued).and_then(|next| self.queue_or_record(next))
    }

    fn stops_on_fail(&self, id: StepId) -> bool {
        self.source(id).as_ref().and_then(StepSource::step).is_some_and(|step| step.should_stop_on_fail)
    }

    fn add_error(&mut self, notification: usize, error: String) {
        let now = self.now;
        if let Some(notification) = self.history.notification_mut(notification) {
            notification.errors.push((now, error));
        }
    }
}

/// Whether the worker threw the error because a webhook failed.
fn is_of_webhook(error: &str) -> bool {
    error.contains("Exception while performing webhook request.")
}

/// The message inside the error of a webhook.
fn message_of(error: &str) -> Value {
    let error: Value = serde_json::from_str(error).unwrap_or_default();
    error.get("message").cloned().unwrap_or_default()
}
