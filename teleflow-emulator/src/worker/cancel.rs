//! Cancels the steps of an event that wait.
// Source: `cancel-delayed.usecase.ts`.

use super::history::History;
use super::step_record::{StepId, StepRecord, StepStatus};

/// Cancels the delayed and merged steps of a transaction, and those that have not begun. Returns false if no step was
/// delayed or merged.
///
/// A cancelled step stays in the list of those that wait. When a cancelled digest is due, another one may run in its
/// place.
pub(crate) fn cancel(history: &mut History, environment_id: &str, transaction_id: &str) -> bool {
    let ids = history.steps_of(environment_id, transaction_id);
    let with_status = |history: &History, statuses: &[StepStatus]| -> Vec<StepId> {
        let has_status = |id: &StepId| history.step(*id).is_some_and(|step| statuses.contains(&step.status));
        ids.iter().copied().filter(has_status).collect()
    };
    let mut found = with_status(history, &[StepStatus::Delayed, StepStatus::Merged]);
    let is_cancelled = cancel_seeded(history, environment_id, transaction_id) | !found.is_empty();
    let kind_and_status = |history: &History, id: StepId| history.step(id).map(|step| (step.kind.clone(), step.status));
    let main_digest = found
        .iter()
        .copied()
        .find(|id| kind_and_status(history, *id) == Some(("digest".to_owned(), StepStatus::Delayed)));
    if found.iter().any(|id| history.step(*id).is_some_and(StepRecord::is_action)) {
        found.extend(with_status(history, &[StepStatus::Pending]));
    }
    for id in found {
        history.set_status(id, StepStatus::Canceled);
    }
    if let Some(main_digest) = main_digest {
        promote_follower(history, main_digest);
    }
    is_cancelled
}

fn cancel_seeded(history: &mut History, environment_id: &str, transaction_id: &str) -> bool {
    let steps = history.seeded.get_mut(&(environment_id.to_owned(), transaction_id.to_owned()));
    let waits = |step: &&mut StepRecord| matches!(step.status, StepStatus::Delayed | StepStatus::Merged);
    let waiting = steps.into_iter().flatten().filter(waits);
    waiting.map(|step| step.status = StepStatus::Canceled).count() > 0
}

/// When a digest is cancelled, the first event that was merged into it becomes the digest of the others.
fn promote_follower(history: &mut History, cancelled: StepId) {
    let mut followers = history.digests.take_followers(cancelled);
    followers.retain(|id| history.step(*id).is_some_and(|step| step.status == StepStatus::Merged));
    let Some(leader) = followers.first().copied() else { return };
    history.set_status(leader, StepStatus::Delayed);
    let mut next = history.next_step(leader);
    while let Some(id) = next {
        history.set_status(id, StepStatus::Pending);
        next = history.next_step(id);
    }
    for follower in followers {
        if history.step(follower).is_some_and(|step| step.status == StepStatus::Merged) {
            history.digests.add_follower(leader, follower);
        }
    }
}
