//! Splits a bulk into requests of at most 100 events and 4 MiB, and chooses their endpoint. A pure function.

use std::ops::Range;

use crate::rate_policy::CostClass;
use crate::request::Endpoint;

use super::reason::RouteReason;

/// The server rejects a request with more events (`ArrayMaxSize(100)`).
pub(crate) const MAX_EVENTS: usize = 100;
/// The server accepts 20 MiB, but a larger body takes too long for the timeout of an attempt.
pub(super) const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most events that are sent alone to save tokens of the rate limit. Each of them is a request of its own.
const FEW_EVENTS: usize = 10;

pub(super) const OPEN: &[u8] = b"{\"events\":[";
pub(super) const CLOSE: &[u8] = b"]}";

/// One request of a bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) endpoint: Endpoint,
    /// Which of the valid events.
    pub(super) events: Range<usize>,
    /// The size of the body.
    pub(super) bytes: usize,
    pub(super) reason: RouteReason,
}

impl Part {
    pub(super) fn cost(&self) -> u32 {
        CostClass::of(self.endpoint).tokens()
    }
}

/// Plans the requests for events of these sizes, given the burst of the server's rate policy if it is known.
pub(super) fn plan(sizes: &[usize], burst: Option<u32>) -> Vec<Part> {
    let mut parts = Vec::new();
    for group in groups(sizes) {
        match alone(group.len(), burst) {
            Some(reason) => parts.extend(group.map(|event| {
                let bytes = sizes.get(event).copied().unwrap_or_default();
                Part { endpoint: Endpoint::Trigger, events: event..event + 1, bytes, reason }
            })),
            None => parts.push(bulk(sizes, group)),
        }
    }
    parts
}

/// Groups stored requests of one event, whose bodies have these sizes: each group of several is worth a bulk.
pub(crate) fn delivery_groups(sizes: &[usize], burst: Option<u32>) -> Vec<Range<usize>> {
    plan(sizes, burst).into_iter().map(|part| part.events).collect()
}

/// Plans bulks only, for requests that are sent later, when the policy may be another.
pub(super) fn plan_bulks(sizes: &[usize]) -> Vec<Part> {
    groups(sizes).into_iter().map(|group| bulk(sizes, group)).collect()
}

/// Why this many events are sent alone, if they are.
fn alone(events: usize, burst: Option<u32>) -> Option<RouteReason> {
    match burst {
        _ if events == 1 => Some(RouteReason::OnlyEvent),
        Some(burst) if burst < CostClass::Bulk.tokens() => Some(RouteReason::BurstTooLow { burst }),
        Some(_) if events <= FEW_EVENTS => Some(RouteReason::FewEvents),
        _ => None,
    }
}

fn bulk(sizes: &[usize], events: Range<usize>) -> Part {
    let bytes = bytes_of_bulk(sizes.get(events.clone()).unwrap_or_default());
    Part { endpoint: Endpoint::Bulk, events, bytes, reason: RouteReason::Bulk }
}

fn bytes_of_bulk(sizes: &[usize]) -> usize {
    let commas = sizes.len().saturating_sub(1);
    OPEN.len() + sizes.iter().sum::<usize>() + commas + CLOSE.len()
}

/// Divides the events into bulks. An event that is too large for a shared bulk gets one to itself.
fn groups(sizes: &[usize]) -> Vec<Range<usize>> {
    let mut groups = Vec::with_capacity(sizes.len().div_ceil(MAX_EVENTS));
    let (mut start, mut bytes) = (0, bytes_of_bulk(&[]));
    for (event, size) in sizes.iter().enumerate() {
        let is_full = event - start == MAX_EVENTS || bytes + 1 + size > MAX_BYTES;
        if event > start && is_full {
            groups.push(start..event);
            (start, bytes) = (event, bytes_of_bulk(&[]));
        }
        bytes += size + usize::from(event > start);
    }
    if start < sizes.len() {
        groups.push(start..sizes.len());
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{FEW_EVENTS, Part, RouteReason, plan};

    fn planned(events: usize, burst: Option<u32>) -> Vec<(usize, u32, RouteReason)> {
        plan(&vec![10; events], burst).iter().map(|part| (part.events.len(), part.cost(), part.reason)).collect()
    }

    #[test]
    fn the_route_depends_on_the_number_of_events_and_on_the_burst() {
        let bulk = |events| (events, 100, RouteReason::Bulk);
        let (only, few) = ((1, 1, RouteReason::OnlyEvent), (1, 1, RouteReason::FewEvents));
        let refused = (1, 1, RouteReason::BurstTooLow { burst: 99 });
        assert_eq!(planned(0, None), []);
        for burst in [None, Some(99), Some(100)] {
            assert_eq!(planned(1, burst), [only]);
        }
        assert_eq!(planned(2, None), [bulk(2)]);
        assert_eq!(planned(FEW_EVENTS, Some(100)), vec![few; FEW_EVENTS]);
        assert_eq!(planned(FEW_EVENTS + 1, Some(100)), [bulk(FEW_EVENTS + 1)]);
        assert_eq!(planned(250, None), [bulk(100), bulk(100), bulk(50)]);
        assert_eq!(planned(201, None), [bulk(100), bulk(100), only]);
        assert_eq!(planned(102, Some(660)), [bulk(100), few, few]);
        assert_eq!(planned(150, Some(99)), vec![refused; 150]);
    }

    #[test]
    fn every_event_is_in_one_request() {
        let sizes: Vec<usize> = (0..1000).map(|event| 40 + event % 7 * 30_000).collect();
        for burst in [None, Some(66), Some(660)] {
            let parts: Vec<Part> = plan(&sizes, burst);
            let events: Vec<usize> = parts.iter().flat_map(|part| part.events.clone()).collect();
            assert_eq!(events, (0..1000).collect::<Vec<_>>());
            assert!(parts.iter().all(|part| part.bytes <= 4 * 1024 * 1024 && part.events.len() <= 100));
        }
    }
}
