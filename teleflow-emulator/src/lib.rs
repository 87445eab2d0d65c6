//! The Teleflow Events API in memory.
//!
//! An [`Emulator`] answers requests as the recorded server does, with the same statuses, headers, bodies and quirks.
//! The conformance tests compare it with the recordings in `tests/conformance`. It works in memory, as the
//! transport of a client, or with the feature `serve` over HTTP.
//!
//! Its worker renders the messages of each event: [`Emulator::messages`].
//!
//! The emulator has its own wire types. If it shared them with the client, no test would find a misspelled field.
//!
//! ```
//! use teleflow::{Client, Event};
//! use teleflow_emulator::{Emulator, Kind, Subscriber, Workflow};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let emulator = Emulator::new();
//! emulator
//!     .subscriber(Subscriber::new("ada").email("ada@example.com"))
//!     .workflow(
//!         Workflow::new("order-shipped")
//!             .required("orderId", Kind::String)
//!             .email("Order {{orderId}}", "<p>Your order is on its way.</p>"),
//!     );
//! let client = Client::builder().transport(emulator.clone()).build()?;
//! Event::untyped("order-shipped", serde_json::json!({"orderId": 7})).to("ada").send(&client).await?;
//!
//! let messages = emulator.messages();
//! let email = messages[0].email().expect("an e-mail");
//! assert_eq!((email.to(), email.subject()), (vec!["ada@example.com"], "Order 7"));
//! # Ok::<(), teleflow::Error>(()) }).unwrap();
//! ```
//!
//! # Modules
//!
//! A request passes from `delivery`, which injects faults, to `api`, which queues a job. `worker` processes the job.
//! A module imports only modules listed below it.

// A failing test may panic.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing))]

mod testing;
mod delivery;
mod emulator;
mod admin;
mod api;
mod worker;
mod request_log;
mod faults;
mod validation;
mod database;
mod clock;
mod sanitize;
mod html;
mod js;

pub use api::rate_limit::RateLimit;
pub use database::preference::Preference;
pub use database::seeds::{Seeds, SeedsError};
pub use database::subscriber::Subscriber;
pub use database::template_files::TemplatesError;
pub use database::workflow::{Kind, Workflow};
#[cfg(feature = "serve")]
pub use delivery::serve::EmulatorServer;
pub use emulator::Emulator;
pub use faults::fault::{Fault, RequestInfo};
pub use faults::plan::Faults;
pub use faults::random::RandomFaults;
pub use faults::reply::Reply;
pub use testing::{CheckOnDrop, ExpectedEvent, Messages, Sent, no_network_client};
pub use worker::job::Job;
pub use worker::message::content::{Attachment, Chat, Email, InApp, Push, Sms};
pub use worker::message::record::{Message, MessageStatus};
pub use worker::message::render::MissingVariable;
pub use worker::notification::Notification;
pub use worker::processed_job::{ProcessedJob, RefusedRecipient};
