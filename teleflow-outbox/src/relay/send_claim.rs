//! Sends the request of one claim, and settles it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::backoff;
use super::lease_clock::LeaseClock;
use super::shared::Shared;
use crate::store::{Claim, Lease, Settlement};
use crate::stored_message::StoredMessage;
use crate::verdict::{Again, Pause, Verdict, deliver};

/// When a request of a newer version is looked at again: a newer relay may have it by then.
const NEWER_VERSION_WAIT: Duration = Duration::from_secs(60);
/// Before a request is claimed again whose claim took most of its lease.
const SLOW_CLAIM_WAIT: Duration = Duration::from_secs(1);
/// Between two tries to settle, while the database does not respond.
const SETTLE_RETRY: Duration = Duration::from_millis(500);

pub(crate) async fn send_and_settle(shared: Arc<Shared>, claim: Claim, clock: LeaseClock) {
    let lease = claim.lease;
    let settlement = send(&shared, claim, &clock).await;
    settle(&shared, lease, settlement, &clock).await;
}

/// Gives a claim back: it is visible at once.
pub(crate) async fn give_back(shared: &Shared, lease: Lease, clock: &LeaseClock) {
    settle(shared, lease, Settlement::ShowAfter(Duration::ZERO), clock).await;
}

async fn send(shared: &Shared, claim: Claim, clock: &LeaseClock) -> Settlement {
    let Lease { id, read_ct } = claim.lease;
    if clock.left_to_send() < shared.client.deadline() {
        tracing::warn!(id, "the claim took too long; the request is given back");
        return Settlement::ShowAfter(SLOW_CLAIM_WAIT);
    }
    let request = match StoredMessage::read(&claim.message) {
        StoredMessage::Request(request) => request,
        StoredMessage::Unreadable(reason) => return dead(id, reason),
        StoredMessage::Newer(version) => {
            shared.counters.newer_version.add_one();
            tracing::error!(id, version, "a newer version of this library stored the request; update this relay");
            return Settlement::ShowAfter(NEWER_VERSION_WAIT);
        }
    };
    let give_up_after = shared.settings.give_up_after;
    if read_ct > 1 && claim.age >= give_up_after {
        return dead(id, format!("older than {give_up_after:?}"));
    }
    let verdict = timeout(clock.left_to_send(), deliver(&shared.client, request)).await;
    match verdict.unwrap_or_else(|_| too_slow()) {
        Verdict::Done => {
            shared.counters.sent.add_one();
            Settlement::Delete
        }
        Verdict::Dead(reason) => dead(id, reason),
        Verdict::Again(again) => {
            let age = claim.age.saturating_add(clock.elapsed());
            let wait = again.after.unwrap_or_else(|| backoff::after_claims(read_ct));
            pause(shared, &again, wait);
            if age.saturating_add(wait) >= give_up_after {
                return dead(id, format!("older than {give_up_after:?} at the next attempt: {}", again.reason));
            }
            shared.counters.retried.add_one();
            tracing::warn!(id, wait_s = wait.as_secs(), reason = again.reason, "sent again later");
            Settlement::ShowAfter(wait)
        }
    }
}

fn dead(id: i64, reason: String) -> Settlement {
    tracing::error!(id, reason, "dead");
    Settlement::Dead(reason)
}

/// A bulk whose events are sent as single requests may take longer than the deadline of one request.
fn too_slow() -> Verdict {
    Verdict::Again(Again {
        after: None,
        pause: None,
        reason: String::from("not sent completely before the lease ended"),
    })
}

fn pause(shared: &Shared, again: &Again, wait: Duration) {
    let Some(pause) = again.pause else { return };
    shared.pause.extend(wait);
    let (reason, wait_s) = (&again.reason, wait.as_secs());
    match pause {
        Pause::RateLimit => tracing::warn!(wait_s, reason, "this relay pauses for the rate limit"),
        Pause::Account => tracing::error!(wait_s, reason, "this relay pauses: check the API key and the plan"),
    }
}

/// Settles while the lease lasts.
async fn settle(shared: &Shared, lease: Lease, settlement: Settlement, clock: &LeaseClock) {
    let id = lease.id;
    loop {
        match shared.store.backend().settle(lease, settlement.clone()).await {
            Ok(true) => return,
            Ok(false) => break,
            Err(error) if clock.left() > SETTLE_RETRY => {
                tracing::warn!(id, error = tracing::field::display(&error), "failed to settle a request; trying again");
                sleep(SETTLE_RETRY).await;
            }
            Err(error) => {
                tracing::error!(id, error = tracing::field::display(&error), "failed to settle a request");
                break;
            }
        }
    }
    shared.counters.lost_leases.add_one();
    tracing::warn!(id, "the lease was lost before the request was settled; it is sent again with the same ids");
}
