//! A store that is only looked at: nothing is created, and nobody waits.

use std::fs;
use std::time::{Duration, Instant};

use rusqlite::{Connection, TransactionBehavior};
use teleflow_outbox::{Outbox, SQLITE_SCHEMA, sqlite};

fn put(database: &Connection, queue: &str) {
    let request = teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada").into_request().unwrap();
    let put = Outbox::sqlite(queue).put(&request).unwrap();
    database.execute(put.sql(), (put.queue(), put.message())).unwrap();
}

#[tokio::test]
async fn a_missing_file_or_table_is_an_error_and_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let error = sqlite::existing_store(&file, "teleflow").await.unwrap_err();
    assert_eq!(error.to_string(), format!("the file `{}` does not exist", file.display()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    Connection::open(&file).unwrap().execute_batch("create table orders (id text)").unwrap();
    let before = fs::read(&file).unwrap();
    let error = sqlite::existing_store(&file, "teleflow").await.unwrap_err();
    assert_eq!(error.to_string(), format!("the file `{}` does not have the table `teleflow_outbox`", file.display()));
    assert!(fs::read(&file).unwrap() == before, "the file was changed");

    fs::write(&file, "not a database, but long enough to have a header".repeat(100)).unwrap();
    let error = sqlite::existing_store(&file, "teleflow").await.unwrap_err();
    assert_eq!(error.to_string(), format!("failed to open `{}`", file.display()));
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("not a database"), "{error:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn the_state_is_counted_for_one_queue_while_another_connection_writes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let mut database = Connection::open(&file).unwrap();
    database.query_row("pragma journal_mode = wal", (), |_| Ok(())).unwrap();
    database.execute_batch(SQLITE_SCHEMA).unwrap();
    for queue in ["teleflow", "teleflow", "teleflow", "other"] {
        put(&database, queue);
    }
    let waits =
        "update teleflow_outbox set visible_at = enqueued_at + 60000, enqueued_at = enqueued_at - 5000 where id = 2";
    database.execute(waits, ()).unwrap();
    database.execute("update teleflow_outbox set dead_at = 0, dead_reason = 'refused' where id = 3", ()).unwrap();

    let store = sqlite::existing_store(&file, "teleflow").await.unwrap();
    let writer = database.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let start = Instant::now();
    let metrics = store.metrics().await.unwrap();
    let dead = store.dead().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5), "it waited for the writer");
    writer.commit().unwrap();
    assert_eq!((metrics.queued, metrics.due, metrics.dead), (2, 1, 1));
    assert!(metrics.oldest_age.unwrap() >= Duration::from_secs(5));
    assert_eq!((dead.len(), dead[0].id(), dead[0].reason()), (1, 3, "refused"));

    assert!(store.redrive(3).await.unwrap());
    assert!(!store.redrive(3).await.unwrap());
    let metrics = store.metrics().await.unwrap();
    assert_eq!((metrics.queued, metrics.due, metrics.dead), (3, 2, 0));
}
