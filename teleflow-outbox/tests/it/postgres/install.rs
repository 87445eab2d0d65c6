//! `install`: on a plain server, twice, by several processes at once, and by users who may not do everything.

use teleflow_outbox::{Outbox, Relay, postgres};

use crate::database::Database;
use crate::shop::request;

#[tokio::test]
async fn it_may_be_called_any_number_of_times_and_keeps_messages() {
    let database = Database::with_queue().await;
    let put = Outbox::postgres("teleflow").put(&request("t-1")).unwrap();
    let client = database.client().await;
    client.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
    postgres::install(database.config.clone(), "teleflow").await.unwrap();
    postgres::install(database.config.clone(), "other").await.unwrap();
    let queued: i64 = client.query_one("select count(*) from pgmq.q_teleflow", &[]).await.unwrap().get(0);
    assert_eq!(queued, 1);
    let queues: i64 = client.query_one("select count(*) from pgmq.list_queues()", &[]).await.unwrap().get(0);
    assert_eq!(queues, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_call_it_at_once() {
    let database = Database::new().await;
    let install = || tokio::spawn(postgres::install(database.config.clone(), "teleflow"));
    for task in [install(), install(), install(), install()] {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_installation_that_fails_leaves_nothing() {
    let database = Database::new().await;
    // The queue cannot be created, because something else has the name of its table.
    postgres::install(database.config.clone(), "other").await.unwrap();
    database.execute("create type pgmq.a_teleflow_dead as (text text)").await;
    let error = postgres::install(database.config.clone(), "teleflow").await.unwrap_err().to_string();
    assert!(error.starts_with("PostgreSQL failed to create a queue: "), "{error}");
    let client = database.client().await;
    let tables: i64 =
        client.query_one("select count(*) from pg_class where relname like 'q_teleflow%'", &[]).await.unwrap().get(0);
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn the_owner_of_a_database_needs_no_superuser_and_a_user_with_grants_needs_no_owner() {
    let database = Database::new().await;
    let (owner, user) = (database.role("owner").await, database.role("user").await);
    database.execute(&format!("alter database {} owner to {}", database.name, owner.name)).await;
    // Both roles may belong to `public` only.
    let error = postgres::install(user.config.clone(), "teleflow").await.unwrap_err().to_string();
    assert!(error.contains("permission denied for database"), "{error}");
    postgres::install(owner.config.clone(), "teleflow").await.unwrap();

    // Each error says what to do, until it works.
    let owner_client = crate::database::connect(&owner.config).await;
    let mut remedies = 0;
    let store = loop {
        match postgres::store(user.config.clone(), "teleflow").await {
            Ok(store) => break store,
            Err(error) => {
                let error = error.to_string();
                let remedy = error.rsplit('`').nth(1).unwrap();
                assert!(remedy.starts_with("grant ") && remedies < 3, "{error}");
                owner_client.batch_execute(remedy).await.unwrap();
                remedies += 1;
            }
        }
    };
    assert_eq!(remedies, 2);
    let sql = "select has_table_privilege($1, 'pgmq.a_teleflow_dead', 'insert')";
    let is_allowed: bool = owner_client.query_one(sql, &[&user.name]).await.unwrap().get(0);
    assert!(!is_allowed, "nothing uses the archive of the dead-letter queue");
    // What exists already needs no permission to create it.
    postgres::install(user.config.clone(), "teleflow").await.unwrap();
    let emulator = teleflow_emulator::Emulator::new();
    let client = teleflow::Client::builder().transport(emulator.clone()).build().unwrap();
    emulator.workflow(teleflow_emulator::Workflow::new("welcome"));
    let put = Outbox::postgres("teleflow").put(&request("t-1")).unwrap();
    let user_client = crate::database::connect(&user.config).await;
    user_client.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
    user_client.execute(put.sql(), &[&put.queue(), &"{}"]).await.unwrap();
    let relay = Relay::builder(client, store).build().unwrap();
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued, gauges.dead), (1, 0, 1));
    assert!(relay.redrive(relay.dead().await.unwrap()[0].id()).await.unwrap());
}

#[tokio::test]
async fn an_application_may_be_allowed_only_to_put_requests() {
    let database = Database::with_queue().await;
    let user = database.role("application").await;
    database.execute(&format!("grant usage on schema pgmq to {}", user.name)).await;
    database.execute(&format!("grant insert, select (msg_id) on pgmq.q_teleflow to {}", user.name)).await;
    let put = Outbox::postgres("teleflow").put(&request("t-1")).unwrap();
    let client = crate::database::connect(&user.config).await;
    client.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
    let error = postgres::store(user.config.clone(), "teleflow").await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("user `{}` may not read and write the queue `teleflow`", user.name)), "{error}");
}
