//! The worker catches up: it processes what was queued and what was due, each at its own time.

use std::collections::VecDeque;
use std::time::Duration;

use super::history::History;
use super::job::Job;
use super::processed_job::ProcessedJob;
use super::run;
use super::runner::Runner;
use crate::database::store::Database;

/// How long an event is in the queue before a request to cancel it finds that the worker has taken it.
///
/// The real worker is usually faster. With this time, a test that cancels an event at once has the same result each time.
const QUEUE_TIME: Duration = Duration::from_secs(1);

/// How many results are kept until they are taken.
const MAX_RESULTS: usize = 10_000;

/// The queue, and what the worker has made of the events before.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The queued events, oldest first.
    pub(crate) queue: VecDeque<Job>,
    pub(crate) history: History,
    /// The newest results since they were last taken.
    processed: VecDeque<ProcessedJob>,
    /// The server's feature flag `IS_USE_MERGED_DIGEST_ID_ENABLED`.
    pub(crate) merged_digest_ids: bool,
}

impl Timeline {
    /// Processes everything that was queued or due until `now`, the time since 1970.
    pub(crate) fn catch_up(&mut self, database: &mut Database, now: Duration) {
        self.run_until(database, now, now);
    }

    /// Processes everything that was due until `now`, and what was queued a while ago if the worker takes events by itself.
    pub(crate) fn catch_up_before_cancel(&mut self, database: &mut Database, now: Duration, takes_events: bool) {
        let queued_until = if takes_events { now.saturating_sub(QUEUE_TIME) } else { Duration::ZERO };
        self.run_until(database, queued_until, now);
    }

    /// Processes the events that were queued until one time, and the steps that were due until another.
    fn run_until(&mut self, database: &mut Database, queued_until: Duration, due_until: Duration) {
        loop {
            let queued = self.queue.front().map(|job| job.queued_at).filter(|at| *at <= queued_until);
            let due = self.history.next_due().filter(|at| *at <= due_until);
            match (queued, due) {
                (None, None) => return,
                (Some(queued), due) if due.is_none_or(|due| queued < due) => self.process_next(database, queued),
                _ => self.run_next_due(database),
            }
        }
    }

    fn process_next(&mut self, database: &mut Database, now: Duration) {
        let Some(job) = self.queue.pop_front() else { return };
        let mut processed = run::expand(database, &self.history, job);
        run::notify(database, &mut self.history, &mut processed, self.merged_digest_ids, now);
        if self.processed.len() == MAX_RESULTS {
            self.processed.pop_front();
        }
        self.processed.push_back(processed);
    }

    fn run_next_due(&mut self, database: &Database) {
        let Some((due, step)) = self.history.take_due() else { return };
        Runner { database, history: &mut self.history, merged_digest_ids: self.merged_digest_ids, now: due }.run(step);
    }

    /// Processes the queue as parallel workers would: no worker sees the notifications that the others are making.
    pub(crate) fn run_in_parallel(&mut self, database: &mut Database, now: Duration) -> Vec<ProcessedJob> {
        self.run_until(database, Duration::ZERO, now);
        let jobs = std::mem::take(&mut self.queue).into_iter();
        let mut processed: Vec<ProcessedJob> = jobs.map(|job| run::expand(database, &self.history, job)).collect();
        for job in &mut processed {
            run::notify(database, &mut self.history, job, self.merged_digest_ids, now);
        }
        processed
    }

    /// When the next step is due, as time since 1970.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.history.next_due()
    }

    /// Whether no event is queued, and no step waits.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.next_due().is_none()
    }

    /// Drops all notifications and messages, and the steps that wait.
    pub(crate) fn clear_history(&mut self) {
        self.history = History::default();
        self.processed.clear();
    }

    /// Removes and returns the results since the last call.
    pub(crate) fn take_processed(&mut self) -> Vec<ProcessedJob> {
        std::mem::take(&mut self.processed).into()
    }
}
