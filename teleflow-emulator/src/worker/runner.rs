//! `Runner`: runs steps with the database, the history and the time.

use std::sync::Arc;
use std::time::Duration;

use super::history::History;
use super::job::Job;
use super::message::Detail;
use super::step_record::StepId;
use crate::database::definition::{Definition, Step};
use crate::database::store::Database;

/// Runs steps at one time.
#[derive(Debug)]
pub(crate) struct Runner<'a> {
    pub(crate) database: &'a Database,
    pub(crate) history: &'a mut History,
    /// The server's feature flag `IS_USE_MERGED_DIGEST_ID_ENABLED`.
    pub(crate) merged_digest_ids: bool,
    /// The time since 1970.
    pub(crate) now: Duration,
}

/// The event and the workflow of a step.
#[derive(Debug, Clone)]
pub(crate) struct StepSource {
    pub(crate) event: Arc<Job>,
    pub(crate) workflow: Arc<Definition>,
    /// The position of the step in the workflow.
    pub(crate) index: usize,
}

impl StepSource {
    pub(crate) fn step(&self) -> Option<&Step> {
        self.workflow.steps().get(self.index)
    }
}

impl Runner<'_> {
    /// The event and the workflow of a step. `None` for the trigger.
    pub(crate) fn source(&self, id: StepId) -> Option<StepSource> {
        let notification = self.history.notification(id.notification)?;
        let index = notification.steps.get(id.step)?.index?;
        let (event, workflow) = (Arc::clone(&notification.job), Arc::clone(&notification.workflow));
        Some(StepSource { event, workflow, index })
    }

    pub(crate) fn add_detail(&mut self, id: StepId, status: &'static str, detail: &'static str) {
        self.history.add_details(id, [Detail { status, detail: detail.into(), raw: None }], self.now);
    }
}
