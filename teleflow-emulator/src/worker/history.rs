//! All notifications and messages that the worker has made, and which steps wait.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::digest_index::DigestIndex;
use super::message::{Detail, Message};
use super::notification::Notification;
use super::step_outcome::StepOutcome;
use super::step_record::{ExecutionDetail, StepId, StepRecord, StepStatus};

/// Environment id and transaction id.
type Transaction = (String, String);

/// All notifications, and the step records that were added by `/__seed-job`.
#[derive(Debug, Default)]
pub(crate) struct History {
    notifications: Vec<Notification>,
    messages: Vec<Message>,
    by_transaction: HashMap<Transaction, Vec<usize>>,
    pub(crate) seeded: HashMap<Transaction, Vec<StepRecord>>,
    pub(crate) digests: DigestIndex,
    /// When a step is due, and in which order it was added.
    waiting: BTreeSet<(Duration, u64, StepId)>,
    added: u64,
}

impl History {
    pub(crate) fn notifications(&self) -> &[Notification] {
        &self.notifications
    }

    pub(crate) fn notification(&self, position: usize) -> Option<&Notification> {
        self.notifications.get(position)
    }

    pub(crate) fn notification_mut(&mut self, position: usize) -> Option<&mut Notification> {
        self.notifications.get_mut(position)
    }

    pub(crate) fn step(&self, id: StepId) -> Option<&StepRecord> {
        self.notifications.get(id.notification)?.steps.get(id.step)
    }

    pub(crate) fn step_mut(&mut self, id: StepId) -> Option<&mut StepRecord> {
        self.notifications.get_mut(id.notification)?.steps.get_mut(id.step)
    }

    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    pub(crate) fn message(&self, position: usize) -> Option<&Message> {
        self.messages.get(position)
    }

    /// Adds a notification, and returns its position.
    pub(crate) fn add(&mut self, notification: Notification) -> usize {
        let transaction = (notification.job.environment_id().to_owned(), notification.transaction_id().to_owned());
        let position = self.notifications.len();
        self.by_transaction.entry(transaction).or_default().push(position);
        self.notifications.push(notification);
        self.digests.add(&self.notifications);
        position
    }

    /// Adds a step record that belongs to no notification.
    pub(crate) fn seed_step(&mut self, environment_id: &str, transaction_id: &str, step: StepRecord) {
        self.seeded.entry((environment_id.to_owned(), transaction_id.to_owned())).or_default().push(step);
    }

    /// The ids of the step records of a transaction, oldest first.
    pub(crate) fn steps_of(&self, environment_id: &str, transaction_id: &str) -> Vec<StepId> {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let positions = self.by_transaction.get(&transaction).into_iter().flatten();
        let ids = positions.filter_map(|position| {
            let steps = 0..self.notifications.get(*position)?.steps.len();
            Some(steps.map(|step| StepId { notification: *position, step }))
        });
        ids.flatten().collect()
    }

    /// Whether there is a step record of this transaction. The worker has no other check for duplicates.
    pub(crate) fn has_transaction(&self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let mut positions = self.by_transaction.get(&transaction).into_iter().flatten();
        let has_steps = |position: &usize| {
            self.notifications.get(*position).is_some_and(|notification| !notification.steps.is_empty())
        };
        positions.any(has_steps) || self.seeded.contains_key(&transaction)
    }

    /// The step after a step.
    pub(crate) fn next_step(&self, id: StepId) -> Option<StepId> {
        let next = StepId { step: id.step + 1, ..id };
        self.step(next).map(|_| next)
    }

    pub(crate) fn set_status(&mut self, id: StepId, status: StepStatus) {
        let Some(step) = self.step_mut(id) else { return };
        step.status = status;
        if step.kind == "digest" {
            self.digests.set_status(id, status);
        }
    }

    /// Notes the outcome of a step and its reason.
    pub(crate) fn set_result(&mut self, id: StepId, outcome: StepOutcome, reason: Option<String>) {
        if let Some(step) = self.step_mut(id) {
            step.result = Some((outcome, reason));
        }
    }

    /// Adds execution details to a step.
    pub(crate) fn add_details(&mut self, id: StepId, details: impl IntoIterator<Item = Detail>, at: Duration) {
        let Some(step) = self.step_mut(id) else { return };
        step.details.extend(details.into_iter().map(|Detail { status, detail, raw }| ExecutionDetail {
            status,
            detail,
            raw: raw.map(Box::new),
            at,
        }));
    }

    /// Adds the messages that a step made.
    pub(crate) fn add_messages(&mut self, id: StepId, messages: Vec<Message>) {
        for mut message in messages {
            message.forget_details();
            if message.is_stored() {
                let position = self.messages.len();
                if let Some(step) = self.step_mut(id) {
                    step.message.get_or_insert(position);
                }
            }
            self.messages.push(message);
        }
    }

    /// Makes a step wait until this time, or as long as the clock can count.
    pub(crate) fn wait_until(&mut self, id: StepId, due: Duration) {
        self.added += 1;
        let due = due.min(Duration::from_millis(u64::MAX));
        self.waiting.insert((due, self.added, id));
    }

    /// When the next step that waits is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.first().map(|(due, ..)| *due)
    }

    /// Removes the step that is due first, and returns when it was due and its id.
    pub(crate) fn take_due(&mut self) -> Option<(Duration, StepId)> {
        self.waiting.pop_first().map(|(due, _, id)| (due, id))
    }
}
