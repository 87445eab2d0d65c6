//! Tests of the outbox, through its public API.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too"
)]

mod database;
mod existing_store;
mod hostile_rows;
mod leases;
mod postgres;
mod put;
mod relay;
mod settle;
mod shop;
mod sqlite;
