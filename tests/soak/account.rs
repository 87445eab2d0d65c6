//! Compares the results of the client with the jobs and notifications of the server.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;
use teleflow::{Error, Fate};
use teleflow_emulator::Emulator;

use crate::send::Sent;

/// The counts of one pass.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub sent: usize,
    pub ok: usize,
    pub err: usize,
    pub lost: usize,
    pub doubled: usize,
    pub phantom: usize,
}

impl Account {
    /// Whether each of the events has a result, and every result is true.
    pub fn is_truthful(&self, events: usize) -> bool {
        self.sent == events && self.ok + self.err == events && self.lost + self.doubled + self.phantom == 0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, ok, err, lost, doubled, phantom } = self;
        write!(f, "sent={sent} ok={ok} err={err} lost={lost} doubled={doubled} phantom={phantom}")
    }
}

/// Runs the worker and counts events.
pub fn account(emulator: &Emulator, sent: &[Sent]) -> Account {
    let number = |payload: &Value| payload.get("number").and_then(Value::as_u64);
    let jobs = emulator.jobs();
    let mut queued: HashMap<u64, Vec<&str>> = HashMap::new();
    for job in &jobs {
        if let Some(number) = number(job.payload()) {
            queued.entry(number).or_default().push(job.transaction_id());
        }
    }
    emulator.run_worker();
    let mut notified: HashMap<u64, u32> = HashMap::new();
    for notification in emulator.notifications() {
        if let Some(number) = number(notification.payload()) {
            *notified.entry(number).or_default() += 1;
        }
    }

    let ids = |sent: &Sent| queued.get(&(sent.number as u64)).map_or([].as_slice(), Vec::as_slice);
    let is_lost = |sent: &&&Sent| {
        sent.result.as_ref().is_ok_and(|receipt| !ids(sent).contains(&receipt.transaction_id().as_str()))
    };
    let ok: Vec<&Sent> = sent.iter().filter(|sent| sent.result.is_ok()).collect();
    let err: Vec<&Sent> = sent.iter().filter(|sent| sent.result.is_err()).collect();
    let claims_not_queued = |error: &Error| error.fate() == Fate::NotQueued || error.attempts() == 0;
    let is_phantom = |sent: &&&Sent| sent.result.as_ref().is_err_and(claims_not_queued) && !ids(sent).is_empty();
    let account = Account {
        sent: sent.len(),
        ok: ok.len(),
        err: err.len(),
        lost: ok.iter().filter(is_lost).count(),
        doubled: notified.values().filter(|times| **times > 1).count(),
        phantom: err.iter().filter(is_phantom).count(),
    };
    print_errors(&err);
    account
}

/// Prints the number of errors of each kind, with an example.
fn print_errors(errors: &[&Sent]) {
    let mut kinds: HashMap<String, (usize, String)> = HashMap::new();
    for error in errors.iter().filter_map(|sent| sent.result.as_ref().err()) {
        let kind = format!("{:?}, {:?}", error.kind(), error.fate());
        kinds.entry(kind).or_insert_with(|| (0, error.to_string())).0 += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort();
    for (kind, (count, example)) in kinds {
        println!("  {count:6} {kind}: {example}");
    }
}
