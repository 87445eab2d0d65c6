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
//! use teleflow::Event;
//! use teleflow_emulator::{Emulator, Kind, SubscriberRecord, Workflow};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let emulator = Emulator::new();
//! emulator
//!     .subscriber(SubscriberRecord::new("ada").email("ada@example.com"))
//!     .workflow(
//!         Workflow::new("order-shipped")
//!             .required("orderId", Kind::String)
//!             .email("Order {{orderId}}", "<p>Your order is on its way.</p>"),
//!     );
//! let shipped = || Event::untyped("order-shipped", serde_json::json!({"orderId": 7})).to("ada"); // or a derived struct
//! shipped().send(&emulator.client()).await?;
//!
//! emulator.assert_sent(shipped());
//! emulator.assert_nothing_else();
//! let email = emulator.messages_to("ada").email();
//! assert_eq!((email.to(), email.subject()), (vec!["ada@example.com"], "Order 7"));
//! # Ok::<(), teleflow::Error>(()) }).unwrap();
//! ```
//!
//! `docs/TESTING.md` of the repository lists the assertions and the settings for tests.
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
mod misuse;

pub use api::rate_limit::RateLimit;
pub use database::catalog_folder::LoadError;
pub use database::channel::Channel;
pub use database::preference::Preference;
pub use database::seeds::{Seeds, SeedsError};
pub use database::subscriber::SubscriberRecord;
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
pub use worker::message::content::{Chat, Email, InApp, MessageAttachment, Push, Sms};
pub use worker::message::record::{Message, MessageStatus};
pub use worker::message::render::MissingVariable;
pub use worker::notification::Notification;
pub use worker::processed_job::{ProcessedJob, RefusedRecipient};
pub use worker::step_outcome::StepOutcome;
pub use worker::step_record::{StepRecord, StepStatus};
