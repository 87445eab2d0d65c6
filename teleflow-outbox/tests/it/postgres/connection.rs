//! The one connection of a store.

use std::time::Duration;

use teleflow_emulator::Fault;
use teleflow_outbox::postgres;
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use crate::database::Database;
use crate::shop::{Kind, Shop, refused, request};

/// The processes of the server that serve stores in the current database.
async fn connections(client: &Client) -> Vec<i32> {
    let sql =
        "select pid from pg_stat_activity where datname = current_database() and application_name = 'teleflow-outbox'";
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_all_tasks_of_a_relay() {
    let shop = Shop::new(Kind::Postgres).await;
    for number in 0..24 {
        shop.put(&request(&format!("t-{number}"))).await;
        shop.emulator.faults().next(Fault::DelayAfter(Duration::from_millis(200)));
    }
    let relay = shop.builder().await.concurrency(8).merge(false).build().unwrap();
    let once = tokio::spawn({
        let relay = relay.clone();
        async move { relay.once().await }
    });
    let client = shop.postgres().client().await;
    let mut most = 0;
    while !once.is_finished() {
        most = most.max(connections(&client).await.len());
        sleep(Duration::from_millis(20)).await;
    }
    once.await.unwrap().unwrap();
    assert_eq!((most, relay.gauges().await.unwrap().sent), (1, 24));
    drop(relay);
    let closed = async {
        while !connections(&client).await.is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), closed).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_replaced_after_it_was_closed() {
    let database = Database::with_queue().await;
    let store = postgres::store(database.config.clone(), "teleflow").await.unwrap();
    let client = database.client().await;
    for _ in 0..3 {
        let [pid] = connections(&client).await[..] else { panic!("not one connection") };
        client.execute("select pg_terminate_backend($1)", &[&pid]).await.unwrap();
        // One access may meet the closed connection. The next one opens another.
        let works = async { while store.metrics().await.is_err() {} };
        timeout(Duration::from_secs(10), works).await.unwrap();
        assert_ne!(connections(&client).await, [pid]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_does_not_contain_a_message() {
    let shop = Shop::new(Kind::Postgres).await;
    shop.put(&request("t-1")).await;
    shop.emulator.faults().next(Fault::Reply(refused()));
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    // The server sends the row that violates the constraint in the details of its error.
    shop.execute("alter table pgmq.q_teleflow add constraint nothing check (message is null)").await;
    let error = relay.redrive(relay.dead().await.unwrap()[0].id()).await.unwrap_err();
    assert!(error.to_string().contains("violates check constraint \"nothing\" (SQLSTATE 23514)"), "{error}");
    let shown = format!("{error:?}");
    assert!(!shown.contains("gold") && !shown.contains("ada"), "{shown}");
    assert_eq!(relay.gauges().await.unwrap().dead, 1);
}
