//! The Teleflow Events API in memory.
//!
//! An [`Emulator`] answers requests as the recorded server does, with the same statuses, headers, bodies and quirks.
//! The conformance tests compare it with the recordings in `tests/conformance/corpus.jsonl`. It works in memory, as the
//! transport of a client, or with the feature `serve` over HTTP.
//!
//! The emulator has its own wire types. If it shared them with the client, no test would find a misspelled field.
//!
//! ```
//! use teleflow::{Client, Event};
//! use teleflow_emulator::{Emulator, Kind, Workflow};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let emulator = Emulator::new();
//! emulator.workflow(Workflow::new("order-shipped").required("orderId", Kind::String));
//! let client = Client::builder().transport(emulator.clone()).build()?;
//! Event::untyped("order-shipped", serde_json::json!({"orderId": 7})).to("ada").send(&client).await?;
//! assert_eq!(emulator.jobs().len(), 1);
//! # Ok::<(), teleflow::Error>(()) }).unwrap();
//! ```
//!
//! # Modules
//!
//! A request passes from `delivery`, which injects faults, to `api`, which queues a job. `worker` processes the job.
//! A module imports only modules listed below it.

// A failing test may panic.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing))]

mod delivery;
mod emulator;
mod admin;
mod api;
mod worker;
mod faults;
mod validation;
mod database;
mod clock;
mod js;

pub use api::rate_limit::RateLimit;
pub use database::seeds::{Seeds, SeedsError};
pub use database::workflow::{Kind, Workflow};
#[cfg(feature = "serve")]
pub use delivery::serve::EmulatorServer;
pub use emulator::Emulator;
pub use faults::fault::{Fault, RequestInfo};
pub use faults::plan::Faults;
pub use faults::random::RandomFaults;
pub use faults::reply::Reply;
pub use worker::job::Job;
pub use worker::notification::Notification;
pub use worker::run::{ProcessedJob, RefusedRecipient};
