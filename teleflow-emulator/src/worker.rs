//! The worker: takes events out of the queue and makes rows of their steps.

use crate::definition::Definition;
use crate::job::{Progress, Row};
use crate::state::State;

/// Works the queue off, event by event.
pub(crate) fn run(state: &mut State) {
    for job in std::mem::take(&mut state.queue) {
        let (environment_id, transaction_id) = (job.environment_id(), job.transaction_id());
        // The server's guard against repeats: it looks only for rows, so two events at once both pass it.
        if !state.rows.of(environment_id, transaction_id).is_empty() {
            continue;
        }
        let environment = state.world.environment(environment_id);
        let workflow = environment.and_then(|environment| environment.workflow(job.trigger()));
        for row in workflow.into_iter().flat_map(rows) {
            state.rows.add(environment_id, transaction_id, row);
        }
    }
}

/// A row for each active step: done up to the first that holds the event back, and pending after it.
fn rows(workflow: &Definition) -> Vec<Row> {
    let mut is_held = false;
    let active = workflow.steps().iter().filter(|step| step.active);
    active
        .map(|step| {
            let progress = match (is_held, step.holds_back()) {
                (true, _) => Progress::Pending,
                (false, true) => Progress::Delayed,
                (false, false) => Progress::Completed,
            };
            is_held |= step.holds_back();
            Row { progress }
        })
        .collect()
}
