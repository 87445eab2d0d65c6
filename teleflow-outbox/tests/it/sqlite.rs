//! The relay with the store in SQLite: what is sent, what stays, what is settled.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;
use teleflow::{Broadcast, Client, Event, Request, RetryPolicy, bulk};
use teleflow_emulator::{Emulator, Fault, Reply, Workflow};
use teleflow_outbox::{Outbox, Relay, RelayBuilder, sqlite};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// A database with an outbox, and the server that its relays send to.
struct Shop {
    _folder: tempfile::TempDir,
    file: PathBuf,
    database: Connection,
    emulator: Emulator,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.db");
        let database = Connection::open(&file).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database.execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
        database.execute_batch("create table orders (id text primary key)").unwrap();
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("welcome")).subscriber("ada");
        Self { _folder: folder, file, database, emulator }
    }

    fn put(&self, request: &Request) {
        let put = Outbox::sqlite("teleflow").put(request).unwrap();
        self.database.execute(put.sql(), (put.queue(), put.message())).unwrap();
    }

    fn put_text(&self, message: &str) {
        self.database
            .execute("insert into teleflow_outbox (queue, message) values ('teleflow', ?1)", [message])
            .unwrap();
    }

    /// A client that makes one attempt.
    fn client(&self) -> Client {
        let builder = Client::builder().transport(self.emulator.clone()).retry(RetryPolicy::none());
        builder.deadline(Duration::from_secs(10)).build().unwrap()
    }

    async fn builder(&self) -> RelayBuilder {
        Relay::builder(self.client(), sqlite::store(&self.file, "teleflow").await.unwrap())
    }

    async fn relay(&self) -> Relay {
        self.builder().await.build().unwrap()
    }

    /// Ends all leases, as if their time was over.
    fn end_leases(&self) {
        self.database.execute("update teleflow_outbox set visible_at = 0", ()).unwrap();
    }

    fn make_older(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap();
        self.database.execute("update teleflow_outbox set enqueued_at = enqueued_at - ?1", [millis]).unwrap();
    }

    fn seconds_until_visible(&self) -> f64 {
        let sql = "select (visible_at - (julianday('now') - 2440587.5) * 86400000.0) / 1000.0 from teleflow_outbox";
        self.database.query_row(sql, (), |row| row.get(0)).unwrap()
    }

    fn notified(&self) -> Vec<String> {
        let mut notified: Vec<String> =
            self.emulator.notifications().iter().map(|sent| sent.transaction_id().to_owned()).collect();
        notified.sort_unstable();
        notified
    }
}

fn request(id: &str) -> Request {
    event(id).into_request().unwrap()
}

fn event(id: &str) -> Event<teleflow::Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", json!({"plan": "gold"})).to("ada").transaction_id(id)
}

#[tokio::test]
async fn only_what_was_committed_is_sent() {
    let mut shop = Shop::new();
    for (id, commit) in [("A-1", true), ("A-2", false), ("A-3", true)] {
        let put = Outbox::sqlite("teleflow").put(&request(id)).unwrap();
        let transaction = shop.database.transaction().unwrap();
        transaction.execute("insert into orders values (?1)", [id]).unwrap();
        transaction.execute(put.sql(), (put.queue(), put.message())).unwrap();
        if commit { transaction.commit().unwrap() } else { transaction.rollback().unwrap() }
    }
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["A-1", "A-3"]);
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.oldest_age, gauges.dead, gauges.sent), (0, None, 0, 2));
}

#[tokio::test]
async fn singles_bulks_and_broadcasts_mix() {
    let shop = Shop::new();
    shop.put(&bulk![event("b-1"), event("b-2")].into_request().unwrap());
    shop.put(&Broadcast::untyped("welcome", json!({})).transaction_id("to-all").into_request().unwrap());
    shop.put(&request("single"));
    shop.relay().await.once().await.unwrap();
    assert_eq!(shop.notified(), ["b-1", "b-2", "single", "to-all"]);
}

#[tokio::test]
async fn queues_of_one_file_are_separate() {
    let shop = Shop::new();
    let put = Outbox::sqlite("other").put(&request("t-1")).unwrap();
    shop.database.execute(put.sql(), (put.queue(), put.message())).unwrap();
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().queued, 0);
    assert_eq!(shop.notified(), [""; 0]);
}

#[tokio::test]
async fn a_message_that_is_not_a_stored_request_is_dead_and_the_others_are_sent() {
    let shop = Shop::new();
    let mut rewritten = serde_json::to_value(request("t-0")).unwrap();
    rewritten["endpoint"] = json!("broadcast");
    let poison = ["", "not JSON", "{}", "null", "[]", &rewritten.to_string()];
    poison.iter().for_each(|message| shop.put_text(message));
    shop.put(&request("t-1"));
    let relay = shop.builder().await.concurrency(1).build().unwrap();
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
    let dead = relay.dead().await.unwrap();
    assert_eq!(dead.len(), poison.len());
    for message in dead {
        assert!(message.reason().starts_with("not a stored request"), "{message:?}");
        assert!(message.request().is_none());
    }
}

#[tokio::test]
async fn a_request_of_a_newer_version_stays_and_is_counted() {
    let shop = Shop::new();
    shop.put_text(r#"{"version": 2, "of": "the future"}"#);
    shop.put(&request("t-1"));
    let relay = shop.relay().await;
    for expected in 1..=2 {
        // It is not given up, however old it is and however often it was claimed.
        shop.make_older(Duration::from_secs(48 * 3600));
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.newer_version), (1, expected));
        shop.end_leases();
    }
    assert_eq!(shop.notified(), ["t-1"]);
}

#[tokio::test]
async fn a_refused_request_is_dead_until_it_is_redriven() {
    let shop = Shop::new();
    shop.emulator.faults().next(Fault::Reply(Reply::new(400)));
    shop.put(&request("t-1"));
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    let [message] = &dead[..] else { panic!("{dead:?}") };
    assert!(message.reason().contains("400"), "{}", message.reason());
    assert_eq!(message.request().unwrap(), &request_like(message.request().unwrap(), "t-1"));
    assert!(!relay.redrive(message.id() + 1).await.unwrap());
    assert!(relay.redrive(message.id()).await.unwrap());
    assert!(!relay.redrive(message.id()).await.unwrap());
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
    assert_eq!(relay.gauges().await.unwrap().dead, 0);
}

/// The same request, if it has this transaction id.
fn request_like(request: &Request, id: &str) -> Request {
    assert!(request.transaction_ids().all(|other| other.as_str() == id));
    request.clone()
}

#[tokio::test]
async fn failures_that_pass_are_sent_again_and_the_server_says_when() {
    for (status, retry_after, waits) in
        [(503, Some("40"), 38.0..=40.0), (503, None, 1.5..=5.0), (500, None, 1.5..=5.0), (408, None, 1.5..=5.0)]
    {
        let shop = Shop::new();
        let reply = Reply::new(status);
        let reply = if let Some(seconds) = retry_after { reply.header("retry-after", seconds) } else { reply };
        shop.emulator.faults().next(Fault::Reply(reply));
        shop.put(&request("t-1"));
        let relay = shop.relay().await;
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.retried, gauges.sent, gauges.paused), (1, 1, 0, None), "{status}");
        let wait = shop.seconds_until_visible();
        assert!(waits.contains(&wait), "{status}: {wait}");
        shop.end_leases();
        relay.once().await.unwrap();
        assert_eq!(shop.notified(), ["t-1"], "{status}");
    }
}

#[tokio::test]
async fn a_rate_limit_and_a_refused_key_pause_the_relay() {
    for (status, least) in [(429, 50), (401, 290), (402, 290)] {
        let shop = Shop::new();
        shop.emulator.faults().next(Fault::Reply(Reply::new(status).header("retry-after", "60")));
        shop.put(&request("t-1"));
        shop.put(&request("t-2"));
        let relay = shop.builder().await.concurrency(1).build().unwrap();
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.sent), (2, 0), "{status}");
        assert!(gauges.paused.is_some_and(|left| left.as_secs() >= least), "{status}: {gauges:?}");
        assert_eq!(shop.notified(), [""; 0], "{status}");
    }
}

#[tokio::test]
async fn a_request_is_given_up_by_its_age_but_tried_once() {
    let shop = Shop::new();
    shop.put(&request("late"));
    shop.make_older(Duration::from_secs(72 * 3600));
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["late"]);

    shop.emulator.faults().next(Fault::Reply(Reply::new(500)));
    shop.put(&request("too-old"));
    shop.make_older(Duration::from_secs(24 * 3600 - 1));
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    assert!(dead[0].reason().starts_with("older than 86400s"), "{dead:?}");

    // A request whose relays were killed each time.
    shop.put(&request("deadly"));
    shop.make_older(Duration::from_secs(25 * 3600));
    shop.database.execute("update teleflow_outbox set read_ct = 3 where dead_at is null", ()).unwrap();
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 2);
    assert_eq!(shop.notified(), ["late"]);
}

#[tokio::test]
async fn a_broadcast_that_may_have_been_sent_is_not_sent_again() {
    let shop = Shop::new();
    shop.emulator.faults().next(Fault::CloseAfter);
    shop.put(&Broadcast::untyped("welcome", json!({})).into_request().unwrap());
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert!(relay.dead().await.unwrap()[0].reason().starts_with("may have been sent"));
    assert_eq!(shop.notified().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ends_while_its_request_is_in_flight_settles_nothing() {
    for second_is_refused in [false, true] {
        let shop = Shop::new();
        shop.put(&request("t-1"));
        let (slow, other) = (shop.relay().await, shop.relay().await);
        shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(2)));
        let sending = tokio::spawn({
            let slow = slow.clone();
            async move { slow.once().await }
        });
        while shop.emulator.jobs().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        shop.end_leases();
        // The other relay claims the request, and what it decides counts.
        shop.emulator.faults().next(Fault::Reply(Reply::new(if second_is_refused { 400 } else { 500 })));
        other.once().await.unwrap();
        sending.await.unwrap().unwrap();
        let gauges = slow.gauges().await.unwrap();
        let expected = if second_is_refused { (0, 1, 1) } else { (1, 0, 1) };
        assert_eq!((gauges.queued, gauges.dead, gauges.lost_leases), expected, "{gauges:?}");
        assert_eq!(other.gauges().await.unwrap().lost_leases, 0);
        assert_eq!(shop.notified(), ["t-1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_relay_is_followed_by_another_and_nobody_is_notified_twice() {
    let shop = Shop::new();
    shop.put(&request("t-1"));
    shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(1)));
    let first = shop.relay().await;
    let sending = tokio::spawn(async move { first.once().await });
    while shop.emulator.jobs().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    let second = shop.relay().await;
    second.once().await.unwrap();
    assert_eq!(second.gauges().await.unwrap().sent, 0, "the lease is not over");
    sleep(Duration::from_millis(1200)).await;
    shop.end_leases();
    second.once().await.unwrap();
    let gauges = second.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued), (1, 0));
    assert_eq!(shop.notified(), ["t-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_share_a_queue() {
    let shop = Shop::new();
    let mut ids: Vec<String> = (0..60).map(|number| format!("t-{number}")).collect();
    ids.iter().for_each(|id| shop.put(&request(id)));
    let (one, other) = (shop.relay().await, shop.relay().await);
    let (first, second) = tokio::join!(one.once(), other.once());
    first.unwrap();
    second.unwrap();
    let (one, other) = (one.gauges().await.unwrap(), other.gauges().await.unwrap());
    assert_eq!((one.sent + other.sent, one.queued), (60, 0));
    assert_eq!((one.lost_leases, other.lost_leases), (0, 0));
    assert_eq!(shop.emulator.run_worker().len(), 60);
    ids.sort_unstable();
    assert_eq!(shop.notified(), ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_finishes_what_is_in_flight_when_it_is_stopped() {
    let shop = Shop::new();
    shop.put(&request("t-1"));
    shop.put(&request("t-2"));
    shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(1)));
    let relay = shop.builder().await.concurrency(1).build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let relay = relay.clone();
        async move { relay.run(async { drop(stopped.await) }).await }
    });
    while shop.emulator.jobs().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued), (1, 1));
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1", "t-2"]);
}

#[tokio::test]
async fn dead_requests_are_deleted_after_their_time() {
    let shop = Shop::new();
    shop.put_text("poison");
    let relay = shop.builder().await.keep_dead_for(Duration::from_secs(60)).build().unwrap();
    relay.once().await.unwrap();
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 1);
    shop.database.execute("update teleflow_outbox set dead_at = dead_at - 61000", ()).unwrap();
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 0);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let shop = Shop::new();
    let short = shop.builder().await.lease(Duration::from_millis(14_999)).build().unwrap_err().to_string();
    assert!(short.starts_with("the `lease` is 14.999s, but a request may take 15s"), "{short}");
    assert!(shop.builder().await.lease(Duration::from_secs(15)).build().is_ok());
    assert!(shop.builder().await.concurrency(0).build().is_err());
    let long = "q".repeat(41);
    for name in ["", "a b", "a'b", "a\"b", "a;b", "A", "käse", "a\nb", &long] {
        assert!(Outbox::sqlite(name).put(&request("t")).is_err(), "{name}");
        let error = sqlite::store(&shop.file, name).await.unwrap_err().to_string();
        assert!(error.contains("not a valid queue name") && !error.contains('\n'), "{error}");
    }
    assert!(sqlite::store(shop.file.join("not/a/folder"), "teleflow").await.is_err());
}

#[tokio::test]
async fn the_file_uses_write_ahead_logging() {
    let shop = Shop::new();
    let _store = sqlite::store(&shop.file, "teleflow").await.unwrap();
    let other = Connection::open(&shop.file).unwrap();
    let mode: String = other.query_row("pragma journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn debug_shows_no_personal_data() {
    let put = Outbox::sqlite("teleflow").put(&request("t-1")).unwrap();
    assert!(put.message().contains("gold") && put.message().contains("ada"));
    let shown = format!("{put:?}");
    assert!(!shown.contains("gold") && !shown.contains("ada"), "{shown}");
}
