//! How a lease ends: each settlement in the database, and that one that comes too late changes nothing.

use std::time::Duration;

use serde_json::json;
use teleflow::{Event, Request, Untyped, bulk};
use teleflow_emulator::{Fault, Kind as PayloadKind, Workflow};
use teleflow_outbox::RelayBuilder;
use tokio::time::{sleep, timeout};

use crate::shop::{Kind, Shop, ShopDatabase, event, on_each_store, request};

on_each_store! {
    a_delivered_request_is_deleted_or_archived
    what_is_left_of_a_bulk_keeps_its_age_and_its_number_of_claims
    a_late_delete_changes_nothing
    a_late_archive_changes_nothing
    a_late_wait_changes_nothing
    a_late_death_changes_nothing
    a_late_replacement_changes_nothing
}

impl Shop {
    async fn count(&self, sqlite: &str, postgres: &str) -> f64 {
        self.number(&format!("select count(*) from {sqlite}"), &format!("select count(*) from {postgres}")).await
    }

    /// The messages in the queue, among the dead, and in the archive.
    async fn counts(&self) -> (f64, f64, f64) {
        (
            self.count("teleflow_outbox where dead_at is null", "pgmq.q_teleflow").await,
            self.count("teleflow_outbox where dead_at is not null", "pgmq.q_teleflow_dead").await,
            self.count("teleflow_outbox_archive", "pgmq.a_teleflow").await,
        )
    }

    async fn read_ct(&self) -> f64 {
        let sqlite = "select max(read_ct) from teleflow_outbox where dead_at is null";
        self.number(sqlite, "select max(read_ct) from pgmq.q_teleflow").await
    }

    /// Claims for an hour, as another relay does.
    async fn claim_for_an_hour(&self) {
        self.end_leases().await;
        match &self.database {
            ShopDatabase::Sqlite { .. } => {
                let hour = "(julianday('now') - 2440587.5) * 86400000.0 + 3600000";
                let sql =
                    format!("update teleflow_outbox set read_ct = read_ct + 1, visible_at = cast({hour} as integer)");
                self.execute(&sql).await;
            }
            ShopDatabase::Postgres { .. } => self.execute("select pgmq.read('teleflow', 3600, 10)").await,
        }
    }
}

/// An event that the server refuses, because a variable is missing.
fn bad(id: &str) -> Event<Untyped<serde_json::Value>, &'static str> {
    Event::untyped("invoice", json!({})).to("ada").transaction_id(id)
}

/// An event whose workflow somebody may be about to create.
fn early(id: &str) -> Event<Untyped<serde_json::Value>, &'static str> {
    Event::untyped("new-workflow", json!({})).to("ada").transaction_id(id)
}

async fn shop(kind: Kind) -> Shop {
    let shop = Shop::new(kind).await;
    shop.emulator.workflow(Workflow::new("invoice").required("amount", PayloadKind::String));
    shop
}

async fn a_delivered_request_is_deleted_or_archived(kind: Kind) {
    let shop = shop(kind).await;
    shop.put(&request("t-1")).await;
    shop.relay().await.once().await.unwrap();
    assert_eq!(shop.counts().await, (0.0, 0.0, 0.0));
    let request = request("t-2");
    shop.put(&request).await;
    shop.make_older(3600.0).await;
    shop.builder().await.archive_delivered(true).build().unwrap().once().await.unwrap();
    assert_eq!(shop.counts().await, (0.0, 0.0, 1.0));
    let age = shop
        .number(
            "select (archived_at - enqueued_at) / 1000.0 from teleflow_outbox_archive where read_ct = 1",
            "select extract(epoch from archived_at - enqueued_at) from pgmq.a_teleflow where read_ct = 1",
        )
        .await;
    assert!((3600.0..3700.0).contains(&age), "{age}");
    let archived = match &shop.database {
        ShopDatabase::Sqlite { connection, .. } => {
            connection.query_row("select message from teleflow_outbox_archive", (), |row| row.get(0)).unwrap()
        }
        ShopDatabase::Postgres { client, .. } => {
            client.query_one("select message::text from pgmq.a_teleflow", &[]).await.unwrap().get::<_, String>(0)
        }
    };
    assert_eq!(serde_json::from_str::<Request>(&archived).unwrap(), request);
}

async fn what_is_left_of_a_bulk_keeps_its_age_and_its_number_of_claims(kind: Kind) {
    let shop = shop(kind).await;
    let bulk = bulk![event("sent"), early("early"), bad("bad")].into_request().unwrap();
    shop.put(&bulk).await;
    shop.make_older(3600.0).await;
    shop.set_read_ct(2).await;
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(shop.counts().await, (1.0, 1.0, 0.0));
    assert_eq!(shop.read_ct().await, 3.0);
    let oldest_age = relay.gauges().await.unwrap().oldest_age.unwrap().as_secs_f64();
    assert!((3600.0..3700.0).contains(&oldest_age), "{oldest_age}");
    let wait = shop.seconds_until_visible().await;
    assert!((800.0..1000.0).contains(&wait), "{wait}");
    let dead = relay.dead().await.unwrap();
    assert_eq!(dead.len(), 1);
    assert!(dead[0].reason().contains("amount") && dead[0].dead_for() < Duration::from_secs(60), "{dead:?}");
    let ids: Vec<_> = dead[0].request().unwrap().transaction_ids().map(|id| id.as_str().to_owned()).collect();
    assert_eq!(ids, ["bad"]);

    shop.emulator.workflow(Workflow::new("new-workflow"));
    shop.end_leases().await;
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["early", "sent"]);
    assert_eq!(shop.counts().await, (0.0, 1.0, 0.0));
}

/// Another relay claims a request while the response is on its way.
async fn assert_late(kind: Kind, request: Request, settings: impl Fn(RelayBuilder) -> RelayBuilder) {
    let shop = shop(kind).await;
    shop.put(&request).await;
    shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(2)));
    let relay = settings(shop.builder().await).build().unwrap();
    let sending = tokio::spawn({
        let relay = relay.clone();
        async move { relay.once().await }
    });
    let claimed = async {
        while shop.read_ct().await < 1.0 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), claimed).await.unwrap();
    shop.claim_for_an_hour().await;
    sending.await.unwrap().unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.lost_leases, gauges.queued, gauges.dead), (1, 1, 0), "{gauges:?}");
    assert_eq!((shop.counts().await, shop.read_ct().await), ((1.0, 0.0, 0.0), 2.0));
    let wait = shop.seconds_until_visible().await;
    assert!((3500.0..=3600.0).contains(&wait), "{wait}");
}

async fn a_late_delete_changes_nothing(kind: Kind) {
    assert_late(kind, request("t-1"), |builder| builder).await;
}

async fn a_late_archive_changes_nothing(kind: Kind) {
    assert_late(kind, request("t-1"), |builder| builder.archive_delivered(true)).await;
}

async fn a_late_wait_changes_nothing(kind: Kind) {
    assert_late(kind, early("t-1").into_request().unwrap(), |builder| builder).await;
}

async fn a_late_death_changes_nothing(kind: Kind) {
    assert_late(kind, bad("t-1").into_request().unwrap(), |builder| builder).await;
}

async fn a_late_replacement_changes_nothing(kind: Kind) {
    let bulk = bulk![event("sent"), early("early"), bad("bad")].into_request().unwrap();
    assert_late(kind, bulk, |builder| builder).await;
}
