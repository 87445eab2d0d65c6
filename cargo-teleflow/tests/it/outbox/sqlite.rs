//! The commands on an SQLite file.

use rusqlite::Connection;
use serde_json::json;
use teleflow::Request;
use teleflow_outbox::Outbox;

use super::{Project, Server, bulk, emulator, outbox, parsed, request};
use crate::support::{KEY, golden};

/// A project with an outbox in `shop.db`.
struct Shop {
    project: Project,
    database: Connection,
}

impl Shop {
    fn new() -> Self {
        let project = Project::without_package();
        let database = Connection::open(project.path("shop.db")).unwrap();
        database.query_row("pragma journal_mode = wal", (), |_| Ok(())).unwrap();
        database.execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
        Self { project, database }
    }

    fn put(&self, queue: &str, request: &Request) {
        let put = Outbox::sqlite(queue).put(request).unwrap();
        self.database.execute(put.sql(), (put.queue(), put.message())).unwrap();
    }

    fn execute(&self, sql: &str) {
        self.database.execute(sql, ()).unwrap();
    }

    /// Makes a request dead, as a relay did some hours ago.
    fn kill(&self, id: i64, reason: &str, hours: i64) {
        let sql = "update teleflow_outbox set read_ct = 1, dead_reason = ?2, dead_at = enqueued_at - ?3 * 3600000 where id = ?1";
        assert_eq!(self.database.execute(sql, (id, reason, hours)).unwrap(), 1);
    }

    /// The ids of a queue: those that are dead, and the others.
    fn ids(&self, is_dead: bool) -> Vec<i64> {
        let sql = "select id from teleflow_outbox where queue = 'teleflow' and (dead_at is not null) = ?1 order by id";
        let mut statement = self.database.prepare(sql).unwrap();
        statement.query_map([is_dead], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// Two queued requests, of which one waits, three dead ones, and a request of another queue.
    fn filled() -> Self {
        let shop = Self::new();
        for id in ["a-1", "a-2", "a-3"] {
            shop.put("teleflow", &request("welcome", id));
        }
        shop.put("teleflow", &bulk());
        shop.execute("insert into teleflow_outbox (queue, message) values ('teleflow', 'not a request')");
        shop.put("other", &request("welcome", "other-1"));
        shop.execute("update teleflow_outbox set enqueued_at = enqueued_at - 7230000 where id = 1");
        shop.execute("update teleflow_outbox set visible_at = enqueued_at + 3600000 where id = 2");
        shop.kill(3, "the server refuses the event\u{1b}[31m: `amount` is missing", 3);
        shop.kill(4, "older than 24 hours", 26);
        shop.kill(5, "not a stored request", 100);
        shop
    }
}

#[test]
fn status_counts_the_requests_of_one_queue() {
    let Shop { project, .. } = Shop::filled();
    let ran = outbox(&project, "shop.db", None, &["status"]).ended(0);
    golden("outbox/status.txt", &ran.stdout);
    assert_eq!(ran.stderr, "");
    let mut status = parsed(&outbox(&project, "sqlite:shop.db", None, &["status", "--format", "json"]).ended(0));
    let age = status["oldest_age_seconds"].take().as_u64().unwrap();
    assert!((7230..7330).contains(&age), "{age}");
    let expected = json!({ "queue": "teleflow", "queued": 2, "due": 1, "oldest_age_seconds": null, "dead": 3 });
    assert_eq!(status, expected);

    let empty = outbox(&project, "shop.db", None, &["status", "--queue", "empty", "--format", "json"]).ended(0);
    let expected = json!({ "queue": "empty", "queued": 0, "due": 0, "oldest_age_seconds": null, "dead": 0 });
    assert_eq!(parsed(&empty), expected);
    let ran = outbox(&project, "shop.db", None, &["status", "--queue", "empty"]).ended(0);
    assert!(ran.stdout.contains("oldest  -\n"), "{ran:?}");
}

#[test]
fn dead_requests_are_listed_without_payloads() {
    let Shop { project, .. } = Shop::filled();
    let ran = outbox(&project, "shop.db", None, &["dead"]).ended(0);
    golden("outbox/dead.txt", &ran.stdout);
    assert_eq!(ran.stderr, "");
    let dead = parsed(&outbox(&project, "shop.db", None, &["dead", "--format", "json"]).ended(0));
    assert_eq!(dead["total"], 3);
    let of_bulk = &dead["dead"][1];
    assert_eq!((&of_bulk["id"], &of_bulk["reason"]), (&json!(4), &json!("older than 24 hours")));
    assert_eq!(of_bulk["triggers"], json!(["invoice", "welcome"]));
    assert_eq!(of_bulk["transaction_ids"], json!(["b-1", "b-2", "b-3", "b-4", "b-5"]));
    assert!(of_bulk["dead_for_seconds"].as_u64().unwrap() >= 26 * 3600);

    let ran = outbox(&project, "shop.db", None, &["dead", "--queue", "other"]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("no dead requests\n", ""));
}

#[test]
fn at_most_a_thousand_dead_requests_are_listed() {
    let shop = Shop::new();
    shop.put("teleflow", &request("welcome", "a-1"));
    shop.execute(
        "with recursive number (n) as (select 2 union all select n + 1 from number where n < 1203)
         insert into teleflow_outbox (id, queue, message) select n, queue, message from number, teleflow_outbox",
    );
    shop.execute("update teleflow_outbox set dead_at = enqueued_at - 1000, dead_reason = 'refused'");
    let ran = outbox(&shop.project, "shop.db", None, &["dead"]).ended(0);
    assert_eq!(ran.stderr, "note: these are the oldest 1000 of 1203 dead requests\n");
    assert_eq!(ran.stdout.lines().count(), 2000);
    let ran = outbox(&shop.project, "shop.db", None, &["redrive", "--all"]).ended(0);
    assert_eq!(ran.stdout, "1203 requests put back into the queue\n");
    assert_eq!((shop.ids(true).len(), shop.ids(false).len()), (0, 1203));
}

#[test]
fn redrive_puts_requests_back() {
    let shop = Shop::filled();
    let ran = outbox(&shop.project, "shop.db", None, &["redrive", "3", "3", "1", "6", "99"]).ended(1);
    assert_eq!(ran.stdout, "1 request put back into the queue\n");
    assert_eq!(ran.stderr, [1, 6, 99].map(|id| format!("warning: no dead request has the id {id}\n")).concat());
    assert_eq!((shop.ids(false), shop.ids(true)), (vec![1, 2, 3], vec![4, 5]));
    let ran = outbox(&shop.project, "shop.db", None, &["redrive", "--all", "--format", "json"]).ended(0);
    assert_eq!(parsed(&ran), json!({ "redriven": [5, 4], "missing": [] }));
    let ran = outbox(&shop.project, "shop.db", None, &["redrive", "4", "--format", "json"]).ended(1);
    assert_eq!((parsed(&ran), ran.stderr.as_str()), (json!({ "redriven": [], "missing": [4] }), ""));
    let ran = outbox(&shop.project, "shop.db", None, &["redrive", "--all"]).ended(0);
    assert_eq!(ran.stdout, "0 requests put back into the queue\n");
}

#[test]
fn drain_sends_what_is_due() {
    let (shop, emulator) = (Shop::new(), emulator());
    let server = Server::of(&emulator);
    for number in 1..=20 {
        shop.put("teleflow", &request("welcome", &format!("a-{number}")));
    }
    shop.put("other", &request("welcome", "other-1"));
    let ran = outbox(&shop.project, "shop.db", Some(&server), &["drain"]).ended(0);
    golden("outbox/drained.txt", &ran.stdout);
    assert_eq!((emulator.jobs().len(), ran.stderr.as_str()), (20, ""));
    let ran = outbox(&shop.project, "shop.db", Some(&server), &["drain", "--format", "json"]).ended(0);
    assert_eq!(parsed(&ran), json!({ "sent": 0, "left": 0, "dead": 0, "paused_seconds": null, "pause": null }));
}

#[test]
fn drain_reports_what_is_left_and_what_is_dead() {
    let (shop, emulator) = (Shop::new(), emulator());
    let server = Server::of(&emulator);
    shop.put("teleflow", &request("welcome", "a-1"));
    shop.put("teleflow", &request("invoice", "a-2"));
    shop.put("teleflow", &request("not-yet", "a-3"));
    shop.put("teleflow", &request("welcome", "a-4"));
    shop.kill(4, "refused a year ago", 24 * 366);
    // A request is not given up because it is old, and an old dead one is not deleted.
    shop.execute("update teleflow_outbox set enqueued_at = enqueued_at - 8640000000, read_ct = 9 where id = 3");
    let ran = outbox(&shop.project, "shop.db", Some(&server), &["drain"]).ended(1);
    golden("outbox/drained_in_part.txt", &ran.stdout);
    assert!(ran.stderr.lines().all(|line| line.starts_with("warning: ") || line.starts_with("error: ")), "{ran:?}");
    assert!(ran.stderr.contains("amount") && ran.stderr.contains("not-yet"), "{}", ran.stderr);
    // The server keeps its refusal of the third, which is stored again under another idempotency key.
    assert_eq!((shop.ids(false), shop.ids(true)), (vec![5], vec![2, 4]));
    assert_eq!(emulator.jobs().len(), 1);
}

#[test]
fn drain_ends_where_nothing_can_be_sent() {
    let server = Server::of(&emulator());
    let wrong_url = format!("{}/elsewhere", server.url());
    for (key, url, pause, cause) in [
        (
            "wrong-key",
            server.url(),
            "account",
            "The server refuses the API key, or the plan's allowance is used up. Correct it",
        ),
        (KEY, wrong_url, "base-url", "The base URL is not that of a Teleflow server. Correct it"),
    ] {
        let shop = Shop::new();
        (1..=20).for_each(|number| shop.put("teleflow", &request("welcome", &format!("a-{number}"))));
        let variables = [("TELEFLOW_API_KEY", key), ("TELEFLOW_API_URL", &url), ("DATABASE_URL", "shop.db")];
        let ran = shop.project.run_with(&variables, "", &["outbox", "drain"]).ended(1);
        let expected = format!("sent    0\nleft    20\ndead    0\n\n{cause}, and run the command again in ");
        assert!(ran.stdout.starts_with(&expected), "{ran:?}");
        assert!(ran.stderr.contains("error: "), "{ran:?}");
        assert!(!format!("{ran:?}").contains("wrong-key"), "{ran:?}");
        shop.execute("update teleflow_outbox set visible_at = 0");
        let ran = shop.project.run_with(&variables, "", &["outbox", "drain", "--format", "json"]).ended(1);
        let report = parsed(&ran);
        assert_eq!((&report["left"], &report["pause"]), (&json!(20), &json!(pause)));
        assert!(report["paused_seconds"].as_u64().unwrap() > 0, "{report}");
    }
}
