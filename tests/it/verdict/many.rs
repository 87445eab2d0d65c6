//! `Client::deliver_many`: requests of one event are sent together, and each gets a verdict of its own.

use super::*;

use std::sync::{Arc, Mutex};

use teleflow::transport::{Transport, TransportFuture};
use teleflow::{ErrorKind, RecipientGuard};
use teleflow_emulator::RateLimit;

/// The path and the idempotency key of an attempt.
type Attempt = (String, Option<String>);

/// The emulator, and all attempts.
#[derive(Clone)]
struct Recorded {
    emulator: Emulator,
    attempts: Arc<Mutex<Vec<Attempt>>>,
}

impl Recorded {
    fn new(emulator: &Emulator) -> Self {
        Self { emulator: emulator.clone(), attempts: Arc::default() }
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// A client that makes one attempt per delivery.
    fn builder(&self) -> ClientBuilder {
        Client::builder().transport(self.clone()).retry(RetryPolicy::none())
    }

    fn paths(&self) -> Vec<String> {
        self.attempts.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    fn keys(&self) -> Vec<String> {
        self.attempts.lock().unwrap().iter().filter_map(|(_, key)| key.clone()).collect()
    }
}

impl Transport for Recorded {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let key = request.idempotency_key().map(String::from);
        self.attempts.lock().unwrap().push((request.path().to_owned(), key));
        self.emulator.attempt(request)
    }
}

fn single(trigger: &str, payload: Value, id: &str) -> Request {
    stored(event(trigger, payload, id).into_request())
}

fn welcomes(count: usize) -> Vec<Request> {
    (0..count).map(|n| single("welcome", json!({}), &format!("t-{n}"))).collect()
}

async fn deliver(client: &Client, requests: &[Request], delivery: Delivery) -> Vec<Verdict> {
    let requests: Vec<_> = requests.iter().map(|request| (request, delivery)).collect();
    client.deliver_many(&requests).await
}

const SINGLE: &str = "/v1/events/trigger";
const BULK: &str = "/v1/events/trigger/bulk";

#[tokio::test]
async fn single_requests_are_sent_as_bulks_of_at_most_100_events() {
    let emulator = emulator();
    let server = Recorded::new(&emulator);
    let verdicts = deliver(&server.client(), &welcomes(250), first()).await;
    assert_eq!(verdicts.len(), 250);
    for verdict in verdicts {
        let Verdict::Done(report) = verdict else { panic!("{verdict:?}") };
        assert_eq!(report.len(), 1);
    }
    assert_eq!(server.paths(), [BULK, BULK, BULK]);
    assert_eq!(emulator.jobs().len(), 250);
}

#[tokio::test]
async fn no_bulk_is_larger_than_4_mib() {
    let server = Recorded::new(&emulator());
    let text = "x".repeat(1024 * 1024 - 200);
    let mut requests: Vec<_> = (0..5).map(|n| single("welcome", json!({"text": text}), &format!("t-{n}"))).collect();
    requests.push(single("welcome", json!({"text": "x".repeat(5 * 1024 * 1024)}), "large"));
    assert!(deliver(&server.client(), &requests, first()).await.iter().all(|v| matches!(v, Verdict::Done(_))));
    assert_eq!(server.paths(), [BULK, SINGLE, SINGLE]);
}

#[tokio::test]
async fn each_event_of_a_merged_bulk_has_its_own_verdict() {
    for idempotency in [false, true] {
        let emulator = emulator();
        emulator.idempotency(idempotency);
        let requests = [
            single("welcome", json!({}), "queued-1"),
            single("nowhere", json!({}), "later"),
            single("invoice", json!({}), "dead"),
            single("welcome", json!({}), "queued-2"),
        ];
        let server = Recorded::new(&emulator);
        let client = server.client();
        let verdicts = deliver(&client, &requests, first()).await;
        let [Verdict::Done(_), later, refused, Verdict::Done(_)] = &verdicts[..] else { panic!("{verdicts:?}") };
        // The key of the request was not used, so it is not replaced.
        assert!(again(later).0 >= Duration::from_secs(900));
        assert!(dead(refused).contains("amount"));
        assert_eq!(server.paths(), [BULK]);

        emulator.workflow(Workflow::new("nowhere"));
        let verdict = client.deliver(&requests[1], Delivery::new(2, DAY / 24)).await;
        assert!(matches!(verdict, Verdict::Done(_)), "{verdict:?}");
    }
}

#[tokio::test]
async fn a_later_delivery_a_broadcast_a_bulk_and_a_duplicate_id_are_sent_alone() {
    let server = Recorded::new(&emulator());
    let client = server.client();
    let (one, two, duplicate) = (welcomes(1).remove(0), single("welcome", json!({}), "x"), welcomes(1).remove(0));
    let (all, bulk) =
        (broadcast(), stored([event("welcome", json!({}), "b")].into_iter().collect::<Bulk>().into_request()));
    let second = Delivery::new(2, Duration::from_secs(5));
    let requests =
        [(&one, first()), (&all, first()), (&bulk, first()), (&two, first()), (&duplicate, first()), (&two, second)];
    let batches = client.delivery_batches(&requests);
    assert_eq!(batches, [vec![0, 3], vec![1], vec![2], vec![4], vec![5]]);
    assert_eq!(client.deliver_many(&requests).await.len(), 6);
    assert_eq!(server.paths().len(), 5);
    assert!(client.delivery_batches(&[]).is_empty() && client.deliver_many(&[]).await.is_empty());
}

#[tokio::test]
async fn a_bulk_without_a_response_is_followed_by_its_events_alone_and_nobody_is_notified_twice() {
    let emulator = emulator();
    emulator.subscriber("ada");
    emulator.faults().next(Fault::CloseAfter);
    let server = Recorded::new(&emulator);
    let (client, requests) = (server.client(), welcomes(5));
    for verdict in deliver(&client, &requests, first()).await {
        let Verdict::Again { reason, .. } = &verdict else { panic!("{verdict:?}") };
        assert_eq!(reason.error().fate(), teleflow::Fate::Unknown);
    }
    let verdicts = deliver(&client, &requests, Delivery::new(2, Duration::from_secs(5))).await;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Done(_))));
    assert_eq!(server.paths(), [BULK, SINGLE, SINGLE, SINGLE, SINGLE, SINGLE]);
    assert_eq!(emulator.notifications().len(), 5);
}

#[tokio::test]
async fn a_bulk_that_is_refused_as_a_whole_is_followed_by_its_events_alone() {
    for status in [400, 413, 418, 422] {
        let emulator = emulator();
        emulator.faults().next(Fault::Reply(reply(status)));
        let requests =
            [single("welcome", json!({}), "a"), single("invoice", json!({}), "b"), single("welcome", json!({}), "c")];
        let client = client(&emulator);
        for verdict in deliver(&client, &requests, first()).await {
            let (after, pause) = again(&verdict);
            assert!(after <= Duration::from_secs(5) && pause.is_none());
        }
        let verdicts = deliver(&client, &requests, Delivery::new(2, Duration::ZERO)).await;
        assert!(matches!(&verdicts[..], [Verdict::Done(_), Verdict::Dead { .. }, Verdict::Done(_)]), "{verdicts:?}");
    }
}

#[tokio::test]
async fn a_failure_of_a_merged_bulk_is_that_of_each_event() {
    for (status, pause) in [(401, Some(Pause::Account)), (404, Some(Pause::BaseUrl)), (503, None)] {
        let emulator = emulator();
        emulator.faults().next(Fault::Reply(reply(status)));
        let server = Recorded::new(&emulator);
        for verdict in deliver(&server.client(), &welcomes(3), first()).await {
            assert_eq!(again(&verdict).1, pause, "{status}");
        }
        assert_eq!(server.paths(), [BULK]);
    }
}

#[tokio::test]
async fn an_event_that_a_guard_refuses_does_not_stop_the_others() {
    let emulator = emulator();
    let client = builder(&emulator).recipients(RecipientGuard::only(["ada"])).build().unwrap();
    let other = stored(Event::untyped("welcome", json!({})).to("ben").transaction_id("other").into_request());
    let requests = [welcomes(1).remove(0), other, single("welcome", json!({}), "t-2")];
    let verdicts = deliver(&client, &requests, first()).await;
    let [Verdict::Done(_), Verdict::Dead { reason }, Verdict::Done(_)] = &verdicts[..] else { panic!("{verdicts:?}") };
    assert_eq!(reason.error().kind(), ErrorKind::Invalid);
}

#[tokio::test(start_paused = true)]
async fn the_plan_of_a_bulk_decides_whether_requests_are_merged() {
    let emulator = emulator();
    emulator.rate_limit(RateLimit::Free);
    let server = Recorded::new(&emulator);
    let client = server.builder().retry(RetryPolicy::default()).build().unwrap();
    let requests = welcomes(20);
    // The response to the bulk is the first to report the burst.
    for verdict in deliver(&client, &requests, first()).await {
        let (after, pause) = again(&verdict);
        assert!(after <= Duration::from_secs(5) && pause.is_none(), "{verdict:?}");
    }
    assert_eq!(server.paths(), [BULK]);
    let pairs: Vec<_> = requests.iter().map(|request| (request, first())).collect();
    assert_eq!(client.delivery_batches(&pairs).len(), 20);

    tokio::time::sleep(Duration::from_secs(5)).await;
    let verdicts = deliver(&client, &requests, Delivery::new(2, Duration::from_secs(5))).await;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Done(_))), "{verdicts:?}");
    let keys = server.keys();
    assert!(requests.iter().all(|request| keys.iter().any(|key| Some(&**key) == request.idempotency_key())));
}

#[tokio::test]
async fn a_failure_of_the_server_inside_the_bulk_is_sent_again() {
    let emulator = emulator();
    emulator.idempotency(true).fail_queue(true);
    let client = client(&emulator);
    let requests = welcomes(3);
    for verdict in deliver(&client, &requests, first()).await {
        again(&verdict);
    }
    emulator.fail_queue(false);
    for verdict in deliver(&client, &requests, Delivery::new(2, DAY / 24)).await {
        assert!(matches!(verdict, Verdict::Done(_)), "{verdict:?}");
    }
    assert_eq!(emulator.jobs().len(), 3);
}
