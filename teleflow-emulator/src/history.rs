//! What the worker has done: a notification for each event and subscriber, and where its steps stand.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::definition::Definition;
use crate::job::Job;

/// Where a step stands. The emulator's worker leaves no step queued, running, failed or skipped; the server's does.
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
    /// The step's kind: `in_app`, `delay`, …
    pub(crate) kind: String,
    pub(crate) progress: Progress,
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
    pub(crate) created_at: Arc<str>,
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

    /// As `GET /v1/notifications` lists it, with the subscriber's document.
    pub(crate) fn to_json(&self, subscriber: &Value) -> Value {
        let job = |row: &Row| {
            json!({
                "_id": row.id, "type": row.kind, "status": row.progress.name(), "payload": self.payload(),
                "executionDetails": row.details(&self.created_at),
            })
        };
        let of_workflow = |name: &str| self.workflow.document().get(name);
        let template = json!({
            "_id": of_workflow("_id"), "name": of_workflow("name"), "triggers": of_workflow("triggers"),
        });
        let channels: Vec<&str> =
            self.rows.iter().map(|row| row.kind.as_str()).filter(|kind| is_channel(kind)).collect();
        json!({
            "_id": self.id, "transactionId": self.transaction_id(), "createdAt": *self.created_at, "channels": channels,
            "subscriber": subscriber, "template": template,
            "jobs": self.rows.iter().map(job).collect::<Vec<_>>(),
        })
    }
}

impl Row {
    /// What the server notes of a step that is done or held.
    fn details(&self, at: &str) -> Value {
        let (status, detail) = match (self.progress, self.kind.as_str()) {
            (Progress::Completed, "in_app") => ("Success", "Message created"),
            (Progress::Completed, kind) if is_channel(kind) => ("Success", "Message sent"),
            (Progress::Delayed, "delay") => ("Pending", "Step delayed"),
            (Progress::Merged, _) => ("Success", "Digest was merged with other digest"),
            _ => return json!([]),
        };
        json!([{
            "_jobId": self.id, "status": status, "detail": detail, "source": "Internal",
            "isTest": false, "isRetry": false, "raw": null, "createdAt": at,
        }])
    }
}

fn is_channel(kind: &str) -> bool {
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
}

impl History {
    pub(crate) fn notifications(&self) -> &[Notification] {
        &self.notifications
    }

    pub(crate) fn add(&mut self, notification: Notification) {
        let transaction = (notification.job.environment_id().to_owned(), notification.transaction_id().to_owned());
        self.by_transaction.entry(transaction).or_default().push(self.notifications.len());
        self.notifications.push(notification);
    }

    /// Adds a row that belongs to no notification.
    pub(crate) fn add_row(&mut self, environment_id: &str, transaction_id: &str, row: Row) {
        self.loose.entry((environment_id.to_owned(), transaction_id.to_owned())).or_default().push(row);
    }

    /// Is there a row of this transaction? It is all that the worker looks for to know a repeat.
    pub(crate) fn knows(&self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        self.by_transaction.contains_key(&transaction) || self.loose.contains_key(&transaction)
    }

    /// Cancels what is held back of a transaction, and what waits behind it. False if nothing is.
    ///
    /// Source: `cancel-delayed.usecase.ts` of the server.
    pub(crate) fn cancel(&mut self, environment_id: &str, transaction_id: &str) -> bool {
        let transaction = (environment_id.to_owned(), transaction_id.to_owned());
        let mut found = false;
        for index in self.by_transaction.get(&transaction).into_iter().flatten() {
            if let Some(notification) = self.notifications.get_mut(*index) {
                found |= cancel(&mut notification.rows);
            }
        }
        found | self.loose.get_mut(&transaction).is_some_and(|rows| cancel(rows))
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
