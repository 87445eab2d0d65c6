//! pgmq 1.4.1, whose tables have no `headers` and no `last_read_at`.

use teleflow::{Client, RetryPolicy};
use teleflow_emulator::{Emulator, Fault, Reply, Workflow};
use teleflow_outbox::{Outbox, Relay, postgres};

use crate::database::Database;
use crate::shop::request;

/// What the functions need of the versions before: tables, types, and two functions that ask about the extension.
const BEFORE: &str = "
    create schema pgmq;
    create table pgmq.meta (
        queue_name varchar unique not null, is_partitioned boolean not null, is_unlogged boolean not null,
        created_at timestamptz default now() not null
    );
    create type pgmq.message_record as (
        msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb
    );
    create type pgmq.metrics_result as (
        queue_name text, queue_length bigint, newest_msg_age_sec int, oldest_msg_age_sec int, total_messages bigint,
        scrape_time timestamptz
    );
    create function pgmq.validate_queue_name(queue_name text) returns void as $$
    begin
        if length(queue_name) >= 48 then raise exception 'queue name is too long'; end if;
    end; $$ language plpgsql;
    create function pgmq._belongs_to_pgmq(table_name text) returns boolean as $$ select true $$ language sql;
";
const FUNCTIONS: &str = include_str!("../../third_party/pgmq-1.4.1/functions.sql");

#[tokio::test]
async fn every_verb_works() {
    let database = Database::new().await;
    database.execute(BEFORE).await;
    database.execute(FUNCTIONS).await;
    // It does not update pgmq.
    postgres::install(database.config.clone(), "teleflow").await.unwrap();
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).subscriber("ada");
    let client = Client::builder().transport(emulator.clone()).retry(RetryPolicy::none()).build().unwrap();
    let store = postgres::store(database.config.clone(), "teleflow").await.unwrap();
    let relay = Relay::builder(client, store).build().unwrap();
    let application = database.client().await;
    let put = async |id: &str| {
        let put = Outbox::postgres("teleflow").put(&request(id)).unwrap();
        application.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
    };
    // Sent, dead and redriven, sent again later.
    put("t-1").await;
    relay.once().await.unwrap();
    emulator.faults().next(Fault::Reply(crate::shop::refused()));
    put("t-2").await;
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    assert!(dead[0].reason().contains("400"), "{dead:?}");
    assert!(relay.redrive(dead[0].id()).await.unwrap());
    relay.once().await.unwrap();
    emulator.faults().next(Fault::Reply(Reply::new(500)));
    put("t-3").await;
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.retried, gauges.queued, gauges.dead), (2, 1, 1, 0));
}
