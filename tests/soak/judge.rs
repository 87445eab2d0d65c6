//! What the client said, against what the server holds.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use teleflow::Fate;
use teleflow_emulator::Emulator;

use crate::send::Sent;

/// The account of one pass.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub sent: usize,
    pub ok: usize,
    pub err: usize,
    pub lost: usize,
    pub doubled: usize,
    pub phantom: usize,
}

/// Runs the worker and counts.
pub fn account(emulator: &Emulator, sent: &[Sent]) -> Account {
    let number = |payload: &Value| payload.get("number").and_then(Value::as_u64);
    let queued: HashSet<u64> = emulator.jobs().iter().filter_map(|job| number(job.payload())).collect();
    emulator.run_worker();
    let mut reached: HashMap<u64, u32> = HashMap::new();
    for notification in emulator.notifications() {
        if let Some(number) = number(notification.payload()) {
            *reached.entry(number).or_default() += 1;
        }
    }

    let is_queued = |sent: &&Sent| queued.contains(&(sent.number as u64));
    let ok: Vec<&Sent> = sent.iter().filter(|sent| sent.result.is_ok()).collect();
    let err: Vec<&Sent> = sent.iter().filter(|sent| sent.result.is_err()).collect();
    let refused = |sent: &&&Sent| sent.result.as_ref().is_err_and(|error| error.fate() == Fate::NotQueued);
    let account = Account {
        sent: sent.len(),
        ok: ok.len(),
        err: err.len(),
        lost: ok.iter().filter(|sent| !is_queued(sent)).count(),
        doubled: reached.values().filter(|times| **times > 1).count(),
        phantom: err.iter().filter(refused).filter(|sent| is_queued(sent)).count(),
    };
    show(&err);
    account
}

/// How many errors of each kind, and one example.
fn show(errors: &[&Sent]) {
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
