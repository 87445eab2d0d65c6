//! Sends the requests of a batch, and settles them.

use std::sync::Arc;
use std::time::Duration;

use teleflow::{Pause, Reason, Request, Verdict};
use tokio::time::timeout;

use super::batch::{Batch, ClaimedRequest};
use super::settler::Settlements;
use super::shared::Shared;
use crate::store::{Part, PartFate, Settlement};

/// The wait before a request is sent again that was not sent completely before its lease ended. It grows with the number of
/// deliveries.
const TOO_SLOW_WAIT: Duration = Duration::from_secs(5);
const MAX_TOO_SLOW_WAIT: Duration = Duration::from_secs(15 * 60);
const TOO_SLOW: &str = "not sent completely before the lease ended";
/// By how much longer than the relay the request waits that made it pause: its n-th delivery, at most the third.
const MAX_PAUSES: u32 = 3;

pub(crate) async fn send_and_settle(shared: Arc<Shared>, batch: Batch) {
    let left = batch.clock.left_to_send();
    if left < shared.client.deadline() {
        tracing::debug!(requests = batch.requests.len(), "the lease is too short by now; the requests are given back");
        shared.give_back(batch.leases()).await;
        return;
    }
    let is_probe = shared.pause.is_probing();
    let requests: Vec<_> = batch.requests.iter().map(|claimed| (&claimed.request, claimed.delivery)).collect();
    let settlements = match timeout(left, shared.client.deliver_many(&requests)).await {
        Ok(verdicts) => {
            match verdicts.iter().filter_map(Verdict::pause).max() {
                Some((cause, wait)) => pause(&shared, cause, wait),
                None if is_probe => shared.pause.end_probe(),
                None => {}
            }
            let decided = batch.requests.iter().zip(verdicts);
            decided.map(|(claimed, verdict)| (claimed.lease, settlement(&shared, claimed, verdict))).collect()
        }
        Err(_) => too_slow(&shared, &batch),
    };
    shared.settle(settlements, &batch.clock).await;
}

fn settlement(shared: &Shared, claimed: &ClaimedRequest, verdict: Verdict) -> Settlement {
    let id = claimed.lease.id;
    match verdict {
        Verdict::Done(_) => {
            shared.counters.sent.add_one();
            if shared.settings.archive_delivered { Settlement::Archive } else { Settlement::Delete }
        }
        Verdict::Again { after, pause, reason } => Settlement::ShowAfter(again(shared, claimed, after, pause, &reason)),
        Verdict::Dead { reason } => Settlement::Dead(dead(id, &reason)),
        Verdict::Replace { report, parts } => {
            tracing::info!(
                id,
                events = report.len(),
                parts = parts.len(),
                "replaced by requests for the events that are left"
            );
            let parts: Option<Vec<Part>> = parts.into_iter().map(|part| stored_part(shared, claimed, part)).collect();
            parts.map_or_else(|| Settlement::ShowAfter(TOO_SLOW_WAIT), Settlement::Replace)
        }
    }
}

/// `None` if the request cannot be serialized, which no request has been so far.
fn stored_part(shared: &Shared, claimed: &ClaimedRequest, (request, verdict): (Request, Verdict)) -> Option<Part> {
    let message = serde_json::to_string(&request).ok()?;
    let fate = match verdict {
        Verdict::Again { after, pause, reason } => PartFate::ShowAfter(again(shared, claimed, after, pause, &reason)),
        Verdict::Dead { reason } => PartFate::Dead(dead(claimed.lease.id, &reason)),
        // A part is neither done nor replaced.
        Verdict::Done(_) | Verdict::Replace { .. } => return None,
    };
    Some(Part { message, fate })
}

/// Logs and counts that a request is sent again, and returns its wait.
fn again(
    shared: &Shared,
    claimed: &ClaimedRequest,
    after: Duration,
    pause: Option<Pause>,
    reason: &Reason,
) -> Duration {
    let id = claimed.lease.id;
    let wait = match pause {
        // If only this request makes the relay pause, the others are sent first.
        Some(cause) if cause > Pause::RateLimit => {
            after.saturating_mul(u32::try_from(claimed.lease.read_ct).unwrap_or(MAX_PAUSES).clamp(1, MAX_PAUSES))
        }
        _ => after,
    };
    shared.counters.retried.add_one();
    tracing::warn!(id, wait_s = wait.as_secs(), reason = tracing::field::display(reason), "sent again later");
    wait
}

fn dead(id: i64, reason: &Reason) -> String {
    tracing::error!(id, reason = tracing::field::display(reason), "dead");
    reason.to_string()
}

fn pause(shared: &Shared, cause: Pause, wait: Duration) {
    shared.pause.extend(cause, wait);
    let wait_s = wait.as_secs();
    match cause {
        Pause::RateLimit => tracing::warn!(wait_s, "this relay pauses for the rate limit"),
        Pause::BaseUrl => tracing::error!(wait_s, "this relay pauses: check the base URL"),
        _ => tracing::error!(wait_s, "this relay pauses: check the API key and the plan"),
    }
}

/// A bulk whose events are sent as single requests may take longer than the deadline of one request.
fn too_slow(shared: &Shared, batch: &Batch) -> Settlements {
    let settlement = |claimed: &ClaimedRequest| {
        let id = claimed.lease.id;
        let age = claimed.age.saturating_add(batch.clock.elapsed());
        if age >= shared.settings.give_up_after {
            tracing::error!(id, reason = TOO_SLOW, "dead");
            return (claimed.lease, Settlement::Dead(format!("given up, because the request is too old: {TOO_SLOW}")));
        }
        let number = u32::try_from(claimed.lease.read_ct).unwrap_or(u32::MAX);
        let wait = TOO_SLOW_WAIT.saturating_mul(number).min(MAX_TOO_SLOW_WAIT);
        shared.counters.retried.add_one();
        tracing::warn!(id, wait_s = wait.as_secs(), reason = TOO_SLOW, "sent again later");
        (claimed.lease, Settlement::ShowAfter(wait))
    };
    batch.requests.iter().map(settlement).collect()
}
