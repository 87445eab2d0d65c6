//! The server's worker, which runs during the whole run.

use std::collections::{BTreeMap, HashMap};

use teleflow_emulator::Emulator;

/// The jobs that the worker has processed.
#[derive(Debug, Default)]
pub struct Processed {
    /// How many jobs the server queued, by number of the event and transaction id.
    pub jobs: HashMap<(u64, String), u32>,
    /// The errors of jobs, apart from those of an event that is queued twice.
    pub errors: BTreeMap<String, u32>,
}

/// The error of a job whose transaction id the worker has processed before.
const NOT_UNIQUE: &str = "transactionId property is not unique";

impl Processed {
    /// Processes what is in the queue.
    pub fn run_worker(&mut self, emulator: &Emulator) {
        for processed in emulator.run_worker() {
            let job = processed.job();
            let number = job.payload().get("number").and_then(serde_json::Value::as_u64).unwrap_or_default();
            *self.jobs.entry((number, job.transaction_id().to_owned())).or_default() += 1;
            if let Some(error) = processed.error().filter(|error| !error.starts_with(NOT_UNIQUE)) {
                *self.errors.entry(error.to_owned()).or_default() += 1;
            }
        }
    }
}
