//! What is special about the store in SQLite.

use std::path::PathBuf;

use rusqlite::Connection;
use teleflow_outbox::sqlite;

fn new_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    (folder, file)
}

#[tokio::test]
async fn the_file_uses_write_ahead_logging() {
    let (_folder, file) = new_file();
    let _store = sqlite::store(&file, "teleflow").await.unwrap();
    let other = Connection::open(&file).unwrap();
    let mode: String = other.query_row("pragma journal_mode", (), |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_an_error() {
    let (_folder, file) = new_file();
    let error = sqlite::store(file.join("not/a/folder"), "teleflow").await.unwrap_err().to_string();
    assert!(error.starts_with("failed to open") && error.contains("not/a/folder"), "{error}");
}
