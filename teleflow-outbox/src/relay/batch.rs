//! Reads the claimed messages, and groups the requests that are sent together.

use std::time::Duration;

use teleflow::{Client, Delivery, Request};

use super::lease_clock::LeaseClock;
use super::settler::Settlements;
use super::shared::Shared;
use crate::store::{Claim, Lease, Settlement};
use crate::stored_message::StoredMessage;

/// When a request of a newer version is looked at again: a newer relay may have it by then.
const NEWER_VERSION_WAIT: Duration = Duration::from_secs(60);

/// A claimed request.
pub(crate) struct ClaimedRequest {
    pub(crate) lease: Lease,
    pub(crate) delivery: Delivery,
    /// Its age when it was claimed.
    pub(crate) age: Duration,
    pub(crate) request: Request,
}

/// Requests that are sent together.
pub(crate) struct Batch {
    pub(crate) clock: LeaseClock,
    pub(crate) requests: Vec<ClaimedRequest>,
}

impl Batch {
    pub(crate) fn leases(&self) -> Vec<Lease> {
        self.requests.iter().map(|request| request.lease).collect()
    }

    /// Groups the requests of one claim.
    pub(crate) fn group(client: &Client, merge: bool, requests: Vec<ClaimedRequest>, clock: LeaseClock) -> Vec<Self> {
        let alone = |request| Self { clock, requests: vec![request] };
        if !merge {
            return requests.into_iter().map(alone).collect();
        }
        let deliveries: Vec<_> = requests.iter().map(|claimed| (&claimed.request, claimed.delivery)).collect();
        let positions = client.delivery_batches(&deliveries);
        let mut requests: Vec<_> = requests.into_iter().map(Some).collect();
        let mut take = |position: usize| requests.get_mut(position).and_then(Option::take);
        let batch =
            |positions: Vec<usize>| Self { clock, requests: positions.into_iter().filter_map(&mut take).collect() };
        positions.into_iter().map(batch).collect()
    }
}

/// Reads the requests of claimed messages, and decides about those that are not requests.
pub(crate) fn read(shared: &Shared, claims: Vec<Claim>) -> (Vec<ClaimedRequest>, Settlements) {
    let (mut requests, mut settlements) = (Vec::with_capacity(claims.len()), Vec::new());
    for Claim { lease, age, message } in claims {
        let id = lease.id;
        match StoredMessage::read(&message) {
            StoredMessage::Request(request) => {
                let number = u32::try_from(lease.read_ct).unwrap_or(u32::MAX);
                let delivery = Delivery::new(number, age).give_up_after(shared.settings.give_up_after);
                requests.push(ClaimedRequest { lease, delivery, age, request });
            }
            StoredMessage::Unreadable(reason) => {
                tracing::error!(id, reason, "dead");
                settlements.push((lease, Settlement::Dead(reason)));
            }
            StoredMessage::Newer(version) => {
                shared.counters.newer_version.add_one();
                tracing::error!(id, version, "a newer version of this library stored the request; update this relay");
                settlements.push((lease, Settlement::ShowAfter(NEWER_VERSION_WAIT)));
            }
        }
    }
    (requests, settlements)
}
