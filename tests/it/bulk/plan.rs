//! `Bulk::plan` shows what `Bulk::send` sends.

use serde_json::json;
use teleflow::{Bulk, Client, Event, RouteReason};
use teleflow_emulator::RateLimit;

use super::numbered;
use super::paced::Paced;

const SINGLE: &str = "/v1/events/trigger";
const BULK: &str = "/v1/events/trigger/bulk";

fn bulk(events: usize) -> Bulk {
    (0..events).map(numbered).collect()
}

/// A client that has seen the rate policy of this limit, and the recorder of its requests.
async fn client_with_policy(limit: RateLimit) -> (Client, Paced) {
    let paced = Paced::new(limit);
    let client = paced.client();
    numbered(1000).send(&client).await.unwrap();
    (client, paced)
}

#[tokio::test(start_paused = true)]
async fn what_is_planned_is_sent() {
    for limit in [RateLimit::Off, RateLimit::Free, RateLimit::PerSecond(91), RateLimit::Business] {
        for events in [0, 1, 2, 10, 11, 101, 205] {
            let (client, paced) = client_with_policy(limit).await;
            let planned = bulk(events).plan(&client);
            assert_eq!(planned, bulk(events).plan(&client.clone()), "clones share the policy");
            assert!(bulk(events).send(&client).await.all_queued());
            let sent: Vec<_> = paced.attempts().into_iter().skip(1).map(|attempt| attempt.path).collect();
            assert_eq!(
                planned.requests().map(|request| request.path()).collect::<Vec<_>>(),
                sent,
                "{limit:?} {events}"
            );
            assert_eq!((planned.events(), paced.refused().len()), (events, 0), "{limit:?}");
            assert_eq!(paced.emulator.jobs().len(), events + 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_route_depends_on_the_number_of_events_and_the_policy() {
    let (off, _) = client_with_policy(RateLimit::Off).await;
    let (free, _) = client_with_policy(RateLimit::Free).await;
    let (business, _) = client_with_policy(RateLimit::Business).await;
    let route = |client: &Client, events| {
        let plan = bulk(events).plan(client);
        let reason = plan.requests().next().unwrap().reason();
        (plan.requests().len(), plan.cost(), reason)
    };
    for client in [&off, &free, &business] {
        assert_eq!(route(client, 1), (1, 1, RouteReason::OnlyEvent));
    }
    assert_eq!(route(&off, 2), (1, 100, RouteReason::Bulk));
    assert_eq!(route(&off, 205), (3, 300, RouteReason::Bulk));
    assert_eq!(route(&business, 10), (10, 10, RouteReason::FewEvents));
    assert_eq!(route(&business, 11), (1, 100, RouteReason::Bulk));
    assert_eq!(route(&business, 205), (7, 205, RouteReason::Bulk));
    assert_eq!(route(&free, 205), (205, 205, RouteReason::BurstTooLow { burst: 66 }));
}

#[tokio::test(start_paused = true)]
async fn a_policy_counts_for_five_minutes() {
    let (client, _) = client_with_policy(RateLimit::Free).await;
    tokio::time::advance(std::time::Duration::from_secs(299)).await;
    assert_eq!(bulk(50).plan(&client).requests().len(), 50);
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    assert_eq!(bulk(50).plan(&client).requests().len(), 1);
}

#[test]
fn a_plan_shows_the_size_of_each_body_and_the_invalid_events() {
    let client = Client::new("k").unwrap();
    let invalid = || Event::untyped("welcome", "not an object").to("ada");
    let bulk = || {
        let mut bulk = Bulk::new();
        bulk.push(invalid());
        bulk.extend((0..3).map(numbered));
        bulk.push(invalid());
        bulk
    };
    let plan = bulk().plan(&client);
    assert_eq!((plan.events(), plan.invalid_events(), plan.requests().len()), (3, 2, 1));
    let body = (0..3).map(numbered).collect::<Bulk>().into_request().unwrap().body().len();
    assert_eq!(plan.requests().next().unwrap().bytes(), body);
    assert_eq!(
        plan.to_string(),
        format!(
            "POST {BULK}: 3 events, {body} bytes, cost 100 (a bulk needs the fewest requests)\n2 invalid events are not sent"
        )
    );

    let one = [numbered(7)].into_iter().collect::<Bulk>().plan(&client);
    let request = one.requests().next().unwrap();
    let body = numbered(7).into_request().unwrap().body().len();
    assert_eq!((request.path(), request.bytes(), request.cost()), (SINGLE, body, 1));

    let large = |n: usize| Event::untyped("welcome", json!({"n": n, "pad": "x".repeat(1 << 20)})).to("ada");
    let plan = (0..7).map(large).collect::<Bulk>().plan(&client);
    assert_eq!(plan.requests().map(|request| request.events()).collect::<Vec<_>>(), [3, 3, 1]);
}

#[test]
fn the_transaction_ids_are_known_before_sending() {
    let mut bulk: Bulk = (0..2).map(numbered).collect();
    bulk.push(Event::untyped("welcome", "not an object").to("ada").transaction_id("invalid"));
    bulk.push(Event::untyped("welcome", json!({})).to("ada"));
    let ids: Vec<String> = bulk.transaction_ids().map(ToString::to_string).collect();
    assert_eq!(ids[..3], ["t-0", "t-1", "invalid"]);
    assert!(ids.len() == 4 && ids[3].len() == 36, "{ids:?}");
}
