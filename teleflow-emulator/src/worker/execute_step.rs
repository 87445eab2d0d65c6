//! Does the work of one step: sends messages, or ends a delay or a digest.
// Source: `send-message.usecase.ts`.

use std::sync::Arc;

use serde_json::Value;

use super::digest;
use super::message::{self, Detail, FILTERED, PreviousStep, StepRun};
use super::notification::Notification;
use super::runner::{Runner, StepSource};
use super::step_outcome::StepOutcome;
use super::step_record::{StepId, StepRecord, StepStatus};
use crate::database::definition::Step;

impl Runner<'_> {
    /// Does the work of a step. An error has the message that the worker throws.
    pub(super) fn execute(&mut self, id: StepId) -> Result<(), String> {
        let Some(source) = self.source(id) else {
            self.add_detail(id, "Pending", "Start sending message");
            return Ok(());
        };
        if !self.history.step(id).is_some_and(StepRecord::is_action) {
            return self.send(id, &source);
        }
        if !self.passes_conditions(id, true)? {
            self.history.set_result(id, StepOutcome::FilteredByCondition, Some(FILTERED.to_owned()));
            return Ok(());
        }
        match source.step().filter(|step| step.kind() == "digest") {
            Some(step) => self.end_digest(id, step),
            None => {
                self.add_detail(id, "Success", "Delay is finished");
                Ok(())
            }
        }
    }

    fn send(&mut self, id: StepId, source: &StepSource) -> Result<(), String> {
        let Some(result) = self.with_step_run(id, source, message::run) else { return Ok(()) };
        self.history.add_details(id, result.details, self.now);
        self.history.add_messages(id, result.messages);
        self.history.set_result(id, result.outcome, result.reason);
        result.failed.map_or(Ok(()), Err)
    }

    /// Whether the conditions of a delay or a digest pass, when it is queued or when it is due.
    pub(super) fn passes_conditions(&mut self, id: StepId, is_due: bool) -> Result<bool, String> {
        let Some(source) = self.source(id) else { return Ok(true) };
        let checked = self.with_step_run(id, &source, |run| message::check_conditions(run, is_due));
        let Some((details, passes)) = checked else { return Ok(true) };
        self.history.add_details(id, details, self.now);
        passes
    }

    fn with_step_run<R>(&self, id: StepId, source: &StepSource, run: impl FnOnce(&StepRun<'_>) -> R) -> Option<R> {
        let notification = self.history.notification(id.notification)?;
        let record = notification.steps.get(id.step)?;
        Some(run(&StepRun {
            environment: self.database.environment(source.event.environment_id())?,
            workflow: &source.workflow,
            step: source.step()?,
            step_index: source.index,
            job: &source.event,
            subscriber_id: notification.subscriber_id(),
            events: record.events.as_deref(),
            previous: &self.previous_steps(notification, source),
            now: self.now,
        }))
    }

    /// The steps of a notification that have made a message.
    fn previous_steps<'a>(&'a self, notification: &Notification, source: &'a StepSource) -> Vec<PreviousStep<'a>> {
        let steps = source.workflow.steps();
        let previous = notification.steps.iter().filter_map(|record| {
            let message = self.history.message(record.message?);
            Some(PreviousStep { step: steps.get(record.index?)?, message })
        });
        previous.collect()
    }

    /// Ends a digest: the steps after it get the payloads that it collected.
    // Source: `digest.usecase.ts`.
    fn end_digest(&mut self, id: StepId, step: &Step) -> Result<(), String> {
        self.add_detail(id, "Pending", "Start digesting");
        let Some(events) = digest::events(self.history, id, step, self.merged_digest_ids) else {
            self.add_detail(id, "Failed", "Digest triggered events");
            let id = self.history.step(id).map(|step| step.id.as_str()).unwrap_or_default();
            return Err(format!("Trigger job for jobId {id} is not found"));
        };
        if !self.merged_digest_ids {
            for early in digest::completed_early(self.history, id, step) {
                self.history.set_status(early, StepStatus::Completed);
            }
        }
        let detail = "Digest triggered events".into();
        let raw = Some(Value::Array(events.clone()));
        self.history.add_details(id, [Detail { status: "Success", detail, raw }], self.now);
        let events: Arc<[Value]> = events.into();
        let steps = self.history.notification_mut(id.notification).map(|notification| &mut notification.steps);
        for step in steps.into_iter().flatten() {
            if !matches!(step.status, StepStatus::Completed | StepStatus::Failed) {
                step.events = Some(Arc::clone(&events));
            }
        }
        Ok(())
    }
}
