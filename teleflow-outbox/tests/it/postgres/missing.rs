//! What is missing is named when the store is opened, with what to do.

use std::error::Error as _;

use teleflow_outbox::postgres;
use tokio_postgres::NoTls;

use crate::database::Database;

async fn error(database: &Database) -> String {
    postgres::store(database.config.clone(), "teleflow").await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_database_without_pgmq() {
    let database = Database::new().await;
    let error = error(&database).await;
    let expected =
        format!("database `{}` does not have pgmq; call `teleflow_outbox::postgres::install`", database.name);
    assert!(error.starts_with(&expected) && error.contains("`create extension pgmq`"), "{error}");
}

#[tokio::test]
async fn an_empty_schema() {
    let database = Database::new().await;
    database.execute("create schema pgmq").await;
    let error = error(&database).await;
    assert!(error.contains("does not have pgmq; "), "{error}");
    postgres::install(database.config.clone(), "teleflow").await.unwrap();
}

#[tokio::test]
async fn pgmq_of_another_age() {
    let database = Database::with_queue().await;
    // As in 0.x, which had functions of other names.
    database.execute("drop function pgmq.archive(text, bigint); drop function pgmq.archive(text, bigint[])").await;
    database.execute("drop function pgmq.read(text, int, int, jsonb)").await;
    let error = error(&database).await;
    assert!(
        error.contains("is older than 1.0, or not complete: it does not have `pgmq.read`, `pgmq.archive`"),
        "{error}"
    );
    assert!(error.contains("`alter extension pgmq update`"), "{error}");
}

#[tokio::test]
async fn a_queue_and_its_dead_letter_queue() {
    let database = Database::with_queue().await;
    database.execute("select pgmq.drop_queue('teleflow_dead')").await;
    let dead = error(&database).await;
    assert!(
        dead.contains("does not have the queue `teleflow_dead`; call `teleflow_outbox::postgres::install`"),
        "{dead}"
    );
    database.execute("select pgmq.drop_queue('teleflow')").await;
    let both = error(&database).await;
    assert!(both.contains("does not have the queue `teleflow` and `teleflow_dead`"), "{both}");
    // The statements of the message help.
    database.execute(both.rsplit('`').nth(1).unwrap()).await;
    postgres::store(database.config.clone(), "teleflow").await.unwrap();
}

#[tokio::test]
async fn a_queue_that_is_dropped_under_the_relay_is_an_error_and_works_again() {
    let database = Database::with_queue().await;
    let emulator = teleflow_emulator::Emulator::new();
    let client = teleflow::Client::builder().transport(emulator).build().unwrap();
    let store = postgres::store(database.config.clone(), "teleflow").await.unwrap();
    let relay = teleflow_outbox::Relay::builder(client, store).build().unwrap();
    database.execute("select pgmq.drop_queue('teleflow')").await;
    let error = relay.once().await.unwrap_err();
    assert!(error.to_string().contains("relation \"pgmq.q_teleflow\" does not exist (SQLSTATE 42P01)"), "{error}");
    postgres::install(database.config.clone(), "teleflow").await.unwrap();
    relay.once().await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_respond_or_refuses_the_password() {
    let database = Database::new().await;
    let mut config = database.config.clone();
    config.password("wrong");
    let refused = postgres::store(config, "teleflow").await.unwrap_err();
    assert!(refused.to_string().contains("(SQLSTATE 28P01)"), "{refused}");
    assert!(!format!("{refused:?}").contains("wrong"), "{refused:?}");

    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = format!("host=127.0.0.1 port={unused} user=nobody").parse().unwrap();
    let closed = postgres::store(config, "teleflow").await.unwrap_err();
    assert_eq!(closed.to_string(), "PostgreSQL failed to accept a connection");
    assert_eq!(closed.source().unwrap().to_string(), "error connecting to server");
}

#[tokio::test]
async fn tls_that_is_demanded_and_not_given() {
    let database = Database::with_queue().await;
    for demand in ["sslmode=require", "sslmode=require sslnegotiation=direct", "channel_binding=require"] {
        let config: tokio_postgres::Config = format!("host=127.0.0.1 user=nobody {demand}").parse().unwrap();
        for result in [
            postgres::store(config.clone(), "teleflow").await.map(drop),
            postgres::install(config.clone(), "teleflow").await,
        ] {
            let error = result.unwrap_err().to_string();
            assert!(error.starts_with("the configuration demands TLS"), "{error}");
            assert!(error.contains("`_with_tls`"), "{error}");
        }
    }
    // The connector that is given decides.
    let mut config = database.config.clone();
    config.ssl_mode(tokio_postgres::config::SslMode::Require);
    let error = postgres::store_with_tls(config, NoTls, "teleflow").await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "error performing TLS handshake");
}
