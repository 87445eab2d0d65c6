//! The database restarts while a relay runs.

use std::time::Duration;

use teleflow_emulator::{Emulator, Workflow};
use teleflow_outbox::{Outbox, Relay, postgres};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use super::server::Server;
use crate::database::connect;
use crate::shop::request;

async fn put(client: &Client, id: &str) {
    let put = Outbox::postgres("teleflow").put(&request(id)).unwrap();
    client.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_goes_on_after_a_restart_of_the_database() {
    let server = Server::start();
    postgres::install(server.config.clone(), "teleflow").await.unwrap();
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).subscriber("ada");
    let client = teleflow::Client::builder().transport(emulator.clone()).build().unwrap();
    let store = postgres::store(server.config.clone(), "teleflow").await.unwrap();
    let relay = Relay::builder(client, store).build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let relay = relay.clone();
        async move { relay.run(async { drop(stopped.await) }).await }
    });
    for (number, mode) in ["fast", "immediate"].into_iter().enumerate() {
        let id = format!("before-{number}");
        put(&connect(&server.config).await, &id).await;
        server.restart(mode).await;
        put(&connect(&server.config).await, &format!("after-{number}")).await;
        // Its lease may have been lost with the connection, but it is sent anyway.
        connect(&server.config).await.batch_execute("update pgmq.q_teleflow set vt = now()").await.unwrap();
        let sent = async {
            while emulator.notifications().len() < 2 * (number + 1) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(30), sent).await.unwrap();
    }
    // A store that was idle during a restart works at once.
    stop.send(()).unwrap();
    timeout(Duration::from_secs(30), running).await.unwrap().unwrap();
    server.restart("fast").await;
    assert_eq!(relay.gauges().await.unwrap().dead, 0);
}
