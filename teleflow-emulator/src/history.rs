//! What the worker has done: a notification for each event and subscriber, and where its steps stand.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock;
use crate::definition::Definition;
use crate::job::Job;

/// Where a step stands. The emulator's worker leaves no step queued or running; the server's does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Pending,
    Queued,
    Running,
    Completed,
    Failed,
    Delayed,
    Canceled,
    Merged,
    Skipped,
}

/// With the server's names.
const PROGRESS: [(Progress, &str); 9] = [
    (Progress::Pending, "pending"),
    (Progress::Queued, "queued"),
    (Progress::Running, "running"),
    (Progress::Completed, "completed"),
    (Progress::Failed, "failed"),
    (Progress::Delayed, "delayed"),
    (Progress::Canceled, "canceled"),
    (Progress::Merged, "merged"),
    (Progress::Skipped, "skipped"),
];

impl Progress {
    pub(crate) fn name(self) -> &'static str {
        PROGRESS.iter().find(|(progress, _)| *progress == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        PROGRESS.iter().find(|(_, known)| *known == name).map(|(progress, _)| *progress)
    }

    /// Can a cancel reach it?
    fn is_held(self) -> bool {
        matches!(self, Self::Delayed | Self::Merged)
    }
}

/// One step of one notification, as the server keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: String,
    /// The step's kind: `in_app`, `delay`, …; `trigger` for the row that comes before those of a digest.
    pub(crate) kind: String,
    pub(crate) progress: Progress,
    /// The position of the step in the workflow.
    pub(crate) step: Option<usize>,
    /// When a delayed row goes on, counted from 1970.
    pub(crate) until: Option<Duration>,
    /// The position of the notification whose digest has taken this event.
    pub(crate) merged_into: Option<usize>,
    pub(crate) notes: Vec<Note>,
}

/// What the server notes of a step.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) status: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) at: Duration,
}

/// One event for one subscriber, made by the worker.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({"plan": "pro"})).to("ada").send(&client).await?;
/// emulator.run_worker();
///
/// let [notification] = &emulator.notifications()[..] else { panic!("one event, one subscriber") };
/// assert_eq!(notification.subscriber_id(), "ada");
/// assert_eq!(notification.payload()["plan"], "pro");
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Notification {
    pub(crate) id: String,
    pub(crate) job: Arc<Job>,
    pub(crate) subscriber_id: String,
    /// When it was made, counted from 1970.
    pub(crate) created: Duration,
    pub(crate) workflow: Arc<Definition>,
    pub(crate) rows: Vec<Row>,
}

impl Notification {
    /// Who is notified.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// The trigger identifier of the workflow.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.job.trigger()
    }

    /// The transaction id of the event.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        self.job.transaction_id()
    }

    /// The payload of the event.
    #[must_use]
    pub fn payload(&self) -> &Value {
        self.job.payload()
    }

    /// Has a cancel reached it before all its steps were done?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.rows.iter().any(|row| row.progress == Progress::Canceled)
    }

    /// The steps in order, each as its kind and its status with the server's names: `("delay", "delayed")`.
    ///
    /// Before the steps of a workflow with a digest comes a step `trigger`. Where the worker has lost the steps, because
    /// overrides or tenant have a key that it cannot store, there are none.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().map(|row| (row.kind.as_str(), row.progress.name()))
    }

    /// As `GET /v1/notifications` lists it, with the subscriber's document.
    pub(crate) fn to_json(&self, subscriber: &Value) -> Value {
        let job = |row: &Row| {
            json!({
                "_id": row.id, "type": row.kind, "status": row.progress.name(), "payload": self.payload(),
                "executionDetails": row.details(),
            })
        };
        let of_workflow = |name: &str| self.workflow.document().get(name);
        let template = json!({
            "_id": of_workflow("_id"), "name": of_workflow("name"), "triggers": of_workflow("triggers"),
        });
        let channels: Vec<&str> =
            self.rows.iter().map(|row| row.kind.as_str()).filter(|kind| is_channel(kind)).collect();
        json!({
            "_id": self.id, "transactionId": self.transaction_id(), "createdAt": clock::iso(self.created), "channels": channels,
            "subscriber": subscriber, "template": template,
            "jobs": self.rows.iter().map(job).collect::<Vec<_>>(),
        })
    }
}

impl Row {
    pub(crate) fn new(id: String, kind: &str, progress: Progress, step: Option<usize>) -> Self {
        Self { id, kind: kind.to_owned(), progress, step, until: None, merged_into: None, notes: Vec::new() }
    }

    pub(crate) fn note(&mut self, status: &'static str, detail: &'static str, at: Duration) {
        self.notes.push(Note { status, detail, at });
    }

    fn details(&self) -> Value {
        let detail = |note: &Note| {
            json!({
                "_jobId": self.id, "status": note.status, "detail": note.detail, "source": "Internal",
                "isTest": false, "isRetry": false, "raw": null, "createdAt": clock::iso(note.at),
            })
        };
        self.notes.iter().map(detail).collect()
    }
}

pub(crate) fn is_channel(kind: &str) -> bool {
    matches!(kind, "in_app" | "email" | "sms" | "push" | "chat")
}

/// Environment and transaction id.
type Transaction = (String, String);

/// All notifications, and rows that were added by hand.
#[derive(Debug, Default)]
pub(crate) struct History {
    notifications: Vec<Notification>,
    by_transaction: HashMap<Transaction, Vec<usize>>,
    loose: HashMap<Transaction, Vec<Row>>,
    /// When a notification goes on, and its position.
    held: BTreeSet<(Duration, usize)>,
}

impl History {
    pub(crate) fn notifications(&self) -> &[Notification] {
        &self.notifications
    }

    pub(crate) fn notification_mut(&mut self, position: usize) -> Option<&mut Notification> {
        self.notifications.get_mut(position)
    }

    /// Adds a notification, and gives its position.
    pub(crate) fn add(&mut self, notification: Notification) -> usize {
        let transaction = (notification.job.environment_id().to_owned(), notification.transaction_id().to_owned());
        let position = self.notifications.len();
        self.by_transaction.entry(transaction).or_default().push(position);
        self.notifications.push(notification);
        position
    }

    /// Adds a row that belongs to no notification.
    pub(crate) fn add_row(&mut self, environment_id: &str, transaction_id: &str, row: Row) {
        self.loose.entry((environment_id.to_owned(), transaction_id.to_owned())).or_default().push(row);
    }

    /// Is there a row of this transaction? It is all that the worker looks for to know a repeat.
    pub(crate) fn knows(&self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let positions = self.by_transaction.get(&transaction).into_iter().flatten();
        let has_rows = |position: &usize| self.notifications.get(*position).is_some_and(|known| !known.rows.is_empty());
        positions.copied().any(|position| has_rows(&position)) || self.loose.contains_key(&transaction)
    }

    /// Lets a notification wait until this time.
    pub(crate) fn hold(&mut self, position: usize, until: Duration) {
        self.held.insert((until, position));
    }

    /// The notifications that wait, with the time until when.
    pub(crate) fn held(&self) -> impl Iterator<Item = (Duration, usize)> {
        self.held.iter().copied()
    }

    /// Takes the notification that has waited longest beyond its time, with that time.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<(Duration, usize)> {
        let first = self.held.first().copied().filter(|(until, _)| *until <= now)?;
        self.held.remove(&first);
        Some(first)
    }

    /// Cancels what is held back of a transaction, and what waits behind it. False if nothing is.
    ///
    /// Source: `cancel-delayed.usecase.ts` of the server.
    pub(crate) fn cancel(&mut self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let mut found = false;
        for position in self.by_transaction.get(&transaction).cloned().unwrap_or_default() {
            let Some(notification) = self.notifications.get_mut(position) else { continue };
            let digest = notification.rows.iter().find(|row| row.kind == "digest" && row.progress == Progress::Delayed);
            let until = digest.and_then(|row| row.until);
            found |= cancel(&mut notification.rows);
            if let Some(until) = until {
                self.promote_follower(position, until);
            }
        }
        found | self.loose.get_mut(&transaction).is_some_and(|rows| cancel(rows))
    }

    /// After the event that a digest waited with is canceled, the next that was merged into it waits in its place.
    ///
    /// Source: `assignNextDigestJob` in `cancel-delayed.usecase.ts` of the server.
    fn promote_follower(&mut self, canceled: usize, until: Duration) {
        let mut promoted = None;
        for (position, notification) in self.notifications.iter_mut().enumerate() {
            let merged = |row: &Row| row.merged_into == Some(canceled) && row.progress == Progress::Merged;
            let Some(digest) = notification.rows.iter().position(merged) else { continue };
            let leader = *promoted.get_or_insert(position);
            for (index, row) in notification.rows.iter_mut().enumerate().skip(digest) {
                match (leader == position, index == digest) {
                    (true, true) => {
                        (row.progress, row.until, row.merged_into) = (Progress::Delayed, Some(until), None);
                    }
                    (true, false) => row.progress = Progress::Pending,
                    (false, true) => row.merged_into = Some(leader),
                    (false, false) => {}
                }
            }
        }
        if let Some(leader) = promoted {
            self.hold(leader, until);
        }
    }
}

fn cancel(rows: &mut [Row]) -> bool {
    let found = rows.iter().any(|row| row.progress.is_held());
    for row in rows.iter_mut().filter(|_| found) {
        if row.progress.is_held() || row.progress == Progress::Pending {
            row.progress = Progress::Canceled;
        }
    }
    found
}
