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

#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "serve")]
mod connection;
mod transport;
mod delivery;
mod emulator;
mod admin;
mod engine;
mod body;
mod auth;
mod trigger;
mod event;
mod attachments;
mod variables;
mod workflows;
mod activity;
mod form;
mod worker;
mod steps;
mod delay;
mod recipients;
mod validate;
mod formats;
mod state;
mod faults;
mod reply;
mod limit;
mod route;
mod idempotency;
mod history;
mod seeds;
mod workflow;
mod world;
mod definition;
mod job;
mod answer;
mod js;
mod clock;

pub use emulator::Emulator;
pub use faults::{Fault, Faults, Random, Seen};
pub use history::Notification;
pub use job::Job;
pub use limit::RateLimit;
pub use reply::Reply;
pub use seeds::{Seeds, SeedsError};
#[cfg(feature = "serve")]
pub use serve::Serving;
pub use worker::{RefusedRecipient, Work};
pub use workflow::{Kind, Workflow};
