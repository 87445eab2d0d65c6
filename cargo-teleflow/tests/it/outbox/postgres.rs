//! The commands on a PostgreSQL server, also with TLS. `scripts/with-postgres` starts the server.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use teleflow::Request;
use teleflow_outbox::{Outbox, postgres};
use tokio::runtime::Runtime;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use super::{Project, Server, bulk, emulator, outbox, parsed, request};
use crate::support::{KEY, Ran, golden};

/// A new database of the server that `DATABASE_URL` names, with the queue `teleflow`.
struct Shop {
    project: Project,
    config: Config,
    client: Client,
    runtime: Runtime,
}

impl Shop {
    fn new() -> Self {
        let shop = Self::without_queue();
        shop.runtime.block_on(postgres::install(shop.config.clone(), "teleflow")).unwrap();
        shop
    }

    fn without_queue() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let Ok(url) = std::env::var("DATABASE_URL") else {
            panic!("DATABASE_URL is not set: run these tests with `scripts/with-postgres cargo test ..`")
        };
        let mut config: Config = url.parse().unwrap();
        let name = format!("cli_test_{}", uuid());
        execute(&connect(&runtime, &config), &runtime, &format!("create database {name}"));
        config.dbname(&name);
        let client = connect(&runtime, &config);
        Self { project: Project::without_package(), config, client, runtime }
    }

    fn execute(&self, sql: &str) {
        execute(&self.client, &self.runtime, sql);
    }

    fn put(&self, request: &Request) {
        let put = Outbox::postgres("teleflow").put(request).unwrap();
        self.runtime.block_on(self.client.execute(put.sql(), &[&put.queue(), &put.message()])).unwrap();
    }

    fn put_dead(&self, request: &Request, reason: &str, hours: i32) {
        let sql = "insert into pgmq.q_teleflow_dead (enqueued_at, vt, message)
                   select now() - make_interval(hours => $1), now(), jsonb_build_object('reason', $2::text, 'request', $3::text::jsonb)";
        let message = serde_json::to_string(request).unwrap();
        self.runtime.block_on(self.client.execute(sql, &[&hours, &reason, &message])).unwrap();
    }

    fn url(&self, host: &str, parameters: &str) -> String {
        let config = &self.config;
        let (user, port, name) = (config.get_user().unwrap(), config.get_ports()[0], config.get_dbname().unwrap());
        let password = std::str::from_utf8(config.get_password().unwrap()).unwrap();
        format!("postgresql://{user}:{password}@{host}:{port}/{name}{parameters}")
    }

    fn run(&self, server: Option<&Server>, arguments: &[&str]) -> Ran {
        let [Host::Tcp(host)] = self.config.get_hosts() else { panic!("{:?}", self.config) };
        let ran = outbox(&self.project, &self.url(host, ""), server, arguments);
        self.assert_no_password(&ran);
        ran
    }

    fn assert_no_password(&self, ran: &Ran) {
        let password = std::str::from_utf8(self.config.get_password().unwrap()).unwrap();
        assert!(!format!("{ran:?}").contains(password), "{ran:#?}");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let name = self.config.get_dbname().unwrap().to_owned();
        let mut server = self.config.clone();
        server.dbname("postgres");
        execute(&connect(&self.runtime, &server), &self.runtime, &format!("drop database {name} with (force)"));
    }
}

fn uuid() -> String {
    let nanos = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!("{}_{nanos}", std::process::id())
}

fn connect(runtime: &Runtime, config: &Config) -> Client {
    let (client, connection) = runtime.block_on(config.connect(NoTls)).unwrap();
    runtime.spawn(connection);
    client
}

fn execute(client: &Client, runtime: &Runtime, sql: &str) {
    runtime.block_on(client.batch_execute(sql)).unwrap();
}

#[test]
fn the_queue_is_shown_and_dead_requests_are_put_back() {
    let shop = Shop::new();
    for id in ["a-1", "a-2"] {
        shop.put(&request("welcome", id));
    }
    shop.execute("update pgmq.q_teleflow set enqueued_at = enqueued_at - interval '7230 seconds' where msg_id = 1");
    shop.execute("update pgmq.q_teleflow set vt = now() + interval '1 hour' where msg_id = 2");
    // The ids of the dead requests are those of the golden file.
    shop.execute("alter table pgmq.q_teleflow_dead alter msg_id restart with 3");
    shop.put_dead(&request("welcome", "a-3"), "the server refuses the event\u{1b}[31m: `amount` is missing", 3);
    shop.put_dead(&bulk(), "older than 24 hours", 26);
    shop.execute(
        "insert into pgmq.q_teleflow_dead (enqueued_at, vt, message)
         select now() - interval '100 hours', now(), '{\"reason\": \"not a stored request\", \"request\": \"no request\"}'",
    );
    let ran = shop.run(None, &["status"]).ended(0);
    golden("outbox/status.txt", &ran.stdout);
    assert_eq!(ran.stderr, "");
    let mut lines: Vec<&str> = shop.run(None, &["dead"]).ended(0).stdout.leak().lines().collect();
    let mut expected: Vec<&str> = include_str!("../../outbox/dead.txt").lines().collect();
    // This queue lists them in the order of their ids, which is that of their deaths.
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);

    let ran = shop.run(None, &["redrive", "4", "99", "--format", "json"]).ended(1);
    assert_eq!(parsed(&ran), json!({ "redriven": [4], "missing": [99] }));
    let ran = shop.run(None, &["redrive", "--all"]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("2 requests put back into the queue\n", ""));
    let mut status = parsed(&shop.run(None, &["status", "--format", "json"]).ended(0));
    status["oldest_age_seconds"].take();
    let expected = json!({ "queue": "teleflow", "queued": 5, "due": 4, "oldest_age_seconds": null, "dead": 0 });
    assert_eq!(status, expected);
}

#[test]
fn drain_sends_what_is_due() {
    let (shop, emulator) = (Shop::new(), emulator());
    let server = Server::of(&emulator);
    for number in 1..=20 {
        shop.put(&request("welcome", &format!("a-{number}")));
    }
    let ran = shop.run(Some(&server), &["drain"]).ended(0);
    golden("outbox/drained.txt", &ran.stdout);
    assert_eq!((emulator.jobs().len(), ran.stderr.as_str()), (20, ""));

    shop.put(&request("welcome", "b-1"));
    shop.put(&request("invoice", "b-2"));
    shop.put(&request("not-yet", "b-3"));
    shop.execute("update pgmq.q_teleflow set enqueued_at = now() - interval '100 days', read_ct = 9 where msg_id = 23");
    shop.put_dead(&request("welcome", "b-4"), "refused a year ago", 366 * 24);
    let ran = shop.run(Some(&server), &["drain"]).ended(1);
    golden("outbox/drained_in_part.txt", &ran.stdout);
    let status = parsed(&shop.run(None, &["status", "--format", "json"]).ended(0));
    assert_eq!((&status["queued"], &status["dead"]), (&json!(1), &json!(2)));
    assert_eq!(emulator.jobs().len(), 21);
}

#[test]
fn what_is_missing_is_named_and_not_created() {
    let shop = Shop::without_queue();
    for command in [&["status"][..], &["dead"], &["redrive", "--all"], &["drain"]] {
        let ran = shop.run(None, command).ended(1);
        let expected = format!("error: database `{}` does not have pgmq; ", shop.config.get_dbname().unwrap());
        assert!(ran.stderr.starts_with(&expected), "{ran:?}");
    }
    shop.runtime.block_on(postgres::install(shop.config.clone(), "teleflow")).unwrap();
    let ran = shop.run(None, &["status", "--queue", "other"]).ended(1);
    assert!(ran.stderr.contains("does not have the queue `other` and `other_dead`"), "{ran:?}");
    let row = shop.runtime.block_on(shop.client.query_one("select count(*) from pgmq.meta", &[])).unwrap();
    assert_eq!(row.get::<_, i64>(0), 2);
}

#[test]
fn a_wrong_url_is_an_error_without_its_password() {
    let project = Project::without_package();
    for (url, code, part) in [
        ("postgres://u:secret@h:port/d", 2, "error: `DATABASE_URL` is not a valid URL: "),
        ("postgres://u:secret@h/d?sslmode=maybe", 2, "error: `DATABASE_URL` is not a valid URL: "),
        ("postgres://u:secret@h/d?unknown=1", 2, "`unknown`"),
        ("postgres://u:secret@127.0.0.1:1/d", 1, "error: PostgreSQL failed to accept a connection: "),
        (
            "postgres://u:secret@database.invalid/d?sslmode=disable",
            1,
            "error: PostgreSQL failed to accept a connection: ",
        ),
    ] {
        let ran = project.run_with(&[("DATABASE_URL", url)], "", &["outbox", "status"]).ended(code);
        assert!(ran.stderr.contains(part) && !ran.stderr.contains("secret"), "{url}: {ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}

/// Gives the server a certificate for `localhost`. Connections without TLS still work.
fn enable_tls(shop: &Shop) {
    let row = shop.runtime.block_on(shop.client.query_one("show data_directory", &[])).unwrap();
    let folder: String = row.get(0);
    for name in ["server.pem", "server.key"] {
        let text = std::fs::read_to_string(tls_file(name)).unwrap();
        let lines: Vec<String> = text.lines().map(|line| format!("('{line}')")).collect();
        // The server refuses a key that others may read.
        shop.execute(&format!("copy (values {}) to program 'umask 077; cat > {folder}/{name}'", lines.join(", ")));
    }
    shop.execute("alter system set ssl_cert_file = 'server.pem'");
    shop.execute("alter system set ssl_key_file = 'server.key'");
    shop.execute("alter system set ssl = on");
    shop.execute("select pg_reload_conf()");
    let start = Instant::now();
    while shop.runtime.block_on(shop.client.query_one("show ssl", &[])).unwrap().get::<_, String>(0) != "on" {
        assert!(start.elapsed() < Duration::from_secs(20), "the server does not use TLS");
        sleep(Duration::from_millis(50));
    }
}

fn tls_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/tls").join(name)
}

#[test]
fn tls_is_verified() {
    let shop = Shop::new();
    let run = |authority: &str, host: &str, parameters: &str| {
        let (url, authority) = (shop.url(host, parameters), tls_file(authority));
        let variables = [
            ("DATABASE_URL", url.as_str()),
            ("TELEFLOW_API_KEY", KEY),
            ("SSL_CERT_FILE", authority.to_str().unwrap()),
            ("SSL_CERT_DIR", "/nonexistent"),
        ];
        let ran = shop.project.run_with(&variables, "", &["outbox", "status"]);
        shop.assert_no_password(&ran);
        ran
    };
    let ran = run("ca.pem", "localhost", "?sslmode=require").ended(1);
    assert!(ran.stderr.contains("does not support TLS"), "{ran:?}");

    enable_tls(&shop);
    // Only connections with TLS see the queue.
    shop.execute(
        "create function tls() returns boolean language sql as 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
         alter table pgmq.q_teleflow enable row level security;
         alter table pgmq.q_teleflow force row level security;
         create policy tls on pgmq.q_teleflow using (tls());
         create policy put on pgmq.q_teleflow for insert with check (true)",
    );
    shop.put(&request("welcome", "a-1"));
    let role = format!("{}_relay", shop.config.get_dbname().unwrap());
    shop.execute(&format!(
        "create role {role} login password 'secret';
         grant usage on schema pgmq to {role}; grant all on all tables in schema pgmq to {role};
         grant pg_read_all_stats to {role}"
    ));
    for (parameters, code, part) in [
        ("?sslmode=disable", 0, "queued  0"),
        ("", 0, "queued  0"),
        ("?sslmode=prefer", 0, "queued  0"),
        ("?sslmode=require", 0, "queued  1"),
        ("?sslmode=verify-full", 0, "queued  1"),
    ] {
        let (user, password) = (shop.config.get_user().unwrap(), shop.config.get_password().unwrap());
        let as_role = shop.url("localhost", parameters);
        let as_role =
            as_role.replace(&format!("{user}:{}@", std::str::from_utf8(password).unwrap()), &format!("{role}:secret@"));
        let variables = [("DATABASE_URL", as_role.as_str()), ("SSL_CERT_FILE", tls_file("ca.pem").to_str().unwrap())]
            .map(|(name, value)| (name, value.to_owned()));
        let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let ran = shop.project.run_with(&variables, "", &["outbox", "status"]).ended(code);
        assert!(ran.stdout.contains(part), "{parameters}: {ran:?}");
    }
    // The certificate is not for this name, or the authority is not known.
    let ran = run("ca.pem", "database.invalid", "?hostaddr=127.0.0.1&sslmode=require").ended(1);
    assert!(ran.stderr.contains("certificate not valid for name"), "{ran:?}");
    let ran = run("server.key", "localhost", "?sslmode=require").ended(1);
    assert!(ran.stderr.contains("no CA certificates were found, so TLS to PostgreSQL cannot be used"), "{ran:?}");
    shop.execute(&format!("drop owned by {role}; drop role {role}"));
}
