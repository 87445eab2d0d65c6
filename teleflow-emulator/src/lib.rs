//! The Teleflow Events API in memory.
//!
//! An [`Emulator`] answers as the recorded server answered: the same statuses, bodies, headers and oddities,
//! held against `tests/conformance/corpus.jsonl`. It takes requests in memory, or behind a port with the feature
//! `serve`. Its wire types are its own: were they shared with the client, a misspelt field would agree with itself.
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
//! # The way of a request
//!
//! A module imports only modules listed below it.

// A test that meets what it does not expect should panic.
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
pub use delivery::serve::Serving;
pub use emulator::Emulator;
pub use faults::fault::{Fault, Seen};
pub use faults::plan::Faults;
pub use faults::random::Random;
pub use faults::reply::Reply;
pub use worker::job::Job;
pub use worker::notification::Notification;
pub use worker::run::{ProcessedJob, RefusedRecipient};
