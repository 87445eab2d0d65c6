//! Typed client for the [Teleflow](https://github.com/khulnasoft/teleflow) notification service: an
//! annotated struct becomes a notification.
//!
//! ```no_run
//! use serde::Serialize;
//! use teleflow::{Client, Subscriber, TeleflowWorkflow};
//!
//! #[derive(Serialize, TeleflowWorkflow)]
//! #[teleflow(trigger = "order-shipped")]
//! struct OrderShipped<'a> {
//!     order_id: &'a str,
//!     carrier: &'a str,
//! }
//!
//! # async fn f() -> teleflow::Result<()> {
//! let client = Client::from_env()?;
//! let receipt = OrderShipped { order_id: "A-7", carrier: "UPS" }
//!     .to(Subscriber::new("ada").email("ada@example.com"))
//!     .actor("merchant-7")
//!     .send(&client)
//!     .await?;
//! println!("queued as {}", receipt.transaction_id());
//! # Ok(()) }
//! ```
//!
//! # What to rely on
//!
//! * **`Ok` means that the server says it queued the event.** It answers `201` to events that it drops;
//!   here those are errors that say why. *Queued* is not *delivered*: see [`Receipt`].
//! * **Every failure says whether the event may be queued all the same**: [`Error::fate`].
//! * **Every event has its transaction id before the first byte leaves**, readable from [`Sending`].
//! * **What the server would misunderstand is not sent**: payloads that are no objects, empty lists of
//!   recipients, integers that it rounds, keys that it strips. See [`ErrorKind::Invalid`].
//!
//! # Features
//!
//! * `rustls` (default): TLS by rustls, with ring and the platform's certificates.
//! * `native-tls`: TLS by the platform. Without either, only `http://` works, and building a client fails if
//!   another crate enables reqwest's `rustls-no-provider` and the application has installed no provider.
//! * `chrono`, `time`, `jiff`: [`DeliverAt`] from their types, and [`TeleflowPayload`] for them.
//! * `uuid`, `url`, `rust_decimal`: [`TeleflowPayload`] for their types.

// A call passes through these modules from the top to the bottom; each imports only from below it.
#[doc(hidden)]
pub mod __private;
pub mod derive;
mod workflow;
mod bulk;
mod broadcast;
mod event;
mod client;
mod dispatch;
mod decode;
mod rate_policy;
mod retry_budget;
mod history;
mod connections;
mod timing;
mod retry;
pub mod transport;
mod request;
mod setters;
mod event_body;
mod workflow_payload;
mod typestate;
mod recipient;
mod tenant;
mod overrides;
mod deliver_at;
mod attachment;
pub mod as_string;
mod json;
mod payload_type;
mod receipt;
mod error;
mod status;
mod sanitize;
mod id;
mod invalid;
mod secret;

pub use attachment::{Attachment, Channel};
pub use broadcast::{Broadcast, BroadcastReceipt};
pub use bulk::{Bulk, BulkReport, IntoBulkEvent, SendingBulk};
pub use client::{Client, ClientBuilder, EU_BASE_URL, Sending};
pub use deliver_at::{DeliverAt, DeliverAtError};
pub use error::{Error, ErrorKind, Fate, Result};
pub use event::{Event, Untyped};
pub use id::{SubscriberId, TransactionId, TriggerId};
pub use overrides::{EmailOverrides, Overrides, SmsOverrides};
pub use payload_type::TeleflowPayload;
pub use receipt::{Cancellation, Receipt};
pub use recipient::{IntoRecipients, Recipient, Recipients, Subscriber, Topic};
pub use request::Request;
pub use retry::RetryPolicy;
pub use status::Status;
pub use teleflow_macros::{TeleflowPayload, TeleflowWorkflow};
pub use tenant::Tenant;
pub use typestate::{Needed, Settled};
pub use workflow::TeleflowWorkflow;

/// The code in the README compiles, and what can run without the cloud does.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
