//! All notifications that the worker has made, and which of them wait.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::notification::{Notification, StepRecord, StepStatus};

/// Environment id and transaction id.
type Transaction = (String, String);

/// All notifications, and the step records that were added by `/__seed-job`.
#[derive(Debug, Default)]
pub(crate) struct History {
    notifications: Vec<Notification>,
    by_transaction: HashMap<Transaction, Vec<usize>>,
    seeded: HashMap<Transaction, Vec<StepRecord>>,
    /// When a notification resumes, and its position.
    waiting: BTreeSet<(Duration, usize)>,
}

impl History {
    pub(crate) fn notifications(&self) -> &[Notification] {
        &self.notifications
    }

    pub(crate) fn notification_mut(&mut self, position: usize) -> Option<&mut Notification> {
        self.notifications.get_mut(position)
    }

    /// Adds a notification, and returns its position.
    pub(crate) fn add(&mut self, notification: Notification) -> usize {
        let transaction = (notification.job.environment_id().to_owned(), notification.transaction_id().to_owned());
        let position = self.notifications.len();
        self.by_transaction.entry(transaction).or_default().push(position);
        self.notifications.push(notification);
        position
    }

    /// Adds a step record that belongs to no notification.
    pub(crate) fn seed_step(&mut self, environment_id: &str, transaction_id: &str, step: StepRecord) {
        self.seeded.entry((environment_id.to_owned(), transaction_id.to_owned())).or_default().push(step);
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

    /// Makes a notification wait until this time.
    pub(crate) fn wait_until(&mut self, position: usize, resumes_at: Duration) {
        self.waiting.insert((resumes_at, position));
    }

    /// The notifications that wait: when each resumes, and its position.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (Duration, usize)> {
        self.waiting.iter().copied()
    }

    /// Removes the notification that was due first, and returns when it was due and its position.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<(Duration, usize)> {
        let first = self.waiting.first().copied().filter(|(resumes_at, _)| *resumes_at <= now)?;
        self.waiting.remove(&first);
        Some(first)
    }

    /// Cancels the delayed steps of a transaction and the steps after them. Returns false if no step was delayed.
    ///
    /// Source: `cancel-delayed.usecase.ts` of the server.
    pub(crate) fn cancel(&mut self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let mut is_cancelled = false;
        for position in self.by_transaction.get(&transaction).cloned().unwrap_or_default() {
            let Some(notification) = self.notifications.get_mut(position) else { continue };
            let digest =
                notification.steps.iter().find(|step| step.kind == "digest" && step.status == StepStatus::Delayed);
            let resumes_at = digest.and_then(|step| step.resumes_at);
            is_cancelled |= cancel(&mut notification.steps);
            if let Some(resumes_at) = resumes_at {
                self.promote_follower(position, resumes_at);
            }
        }
        is_cancelled | self.seeded.get_mut(&transaction).is_some_and(|steps| cancel(steps))
    }

    /// When the first event of a digest is cancelled, the next event that was merged into the digest replaces it.
    ///
    /// Source: `assignNextDigestJob` in `cancel-delayed.usecase.ts` of the server.
    fn promote_follower(&mut self, cancelled: usize, resumes_at: Duration) {
        let mut promoted = None;
        for (position, notification) in self.notifications.iter_mut().enumerate() {
            let is_follower =
                |step: &StepRecord| step.merged_into == Some(cancelled) && step.status == StepStatus::Merged;
            let Some(digest) = notification.steps.iter().position(is_follower) else { continue };
            let leader = *promoted.get_or_insert(position);
            for (index, step) in notification.steps.iter_mut().enumerate().skip(digest) {
                match (leader == position, index == digest) {
                    (true, true) => {
                        (step.status, step.resumes_at, step.merged_into) =
                            (StepStatus::Delayed, Some(resumes_at), None);
                    }
                    (true, false) => step.status = StepStatus::Pending,
                    (false, true) => step.merged_into = Some(leader),
                    (false, false) => {}
                }
            }
        }
        if let Some(leader) = promoted {
            self.wait_until(leader, resumes_at);
        }
    }
}

fn cancel(steps: &mut [StepRecord]) -> bool {
    let is_cancellable = steps.iter().any(|step| step.status.is_cancellable());
    for step in steps.iter_mut().filter(|_| is_cancellable) {
        if step.status.is_cancellable() || step.status == StepStatus::Pending {
            step.status = StepStatus::Canceled;
        }
    }
    is_cancellable
}
