//! Typed client for the [Teleflow](https://github.com/khulnasoft/teleflow) notification service: an annotated struct is the
//! payload of an event.
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
//! # Guarantees
//!
//! * **`Ok` means that the server confirmed that it queued the event.** The server also answers `201` to events that it
//!   drops. This crate returns an error for those, with the reason. *Queued* is not *delivered*: see [`Receipt`].
//! * **Every error tells you whether the event may have been queued anyway**: [`Error::fate`].
//! * **Every event has its transaction id before anything is sent**: [`Sending::transaction_id`].
//! * **Input that the server would misread is rejected before it is sent**: payloads that are not JSON objects, empty lists
//!   of recipients, integers that the server rounds, keys that it drops. See [`ErrorKind::Invalid`].
//!
//! # Safety settings
//!
//! * On a staging system, [`ClientBuilder::recipients`] with a [`RecipientGuard`] allows only some subscribers and addresses, or
//!   sends everything to one subscriber. [`ClientBuilder::broadcasts`], or `TELEFLOW_BROADCASTS=refused`, refuses broadcasts.
//! * `#[teleflow(sensitive)]` on a field: [`Request::to_curl`] and the test kit show `"[redacted]"` instead of its value.
//!   See [`TeleflowWorkflow`](macro@TeleflowWorkflow).
//!
//! # Features
//!
//! * `rustls` (default): HTTP with reqwest, and TLS with rustls, ring and the platform's certificates.
//! * `native-tls`: HTTP with reqwest, and TLS with the platform's library.
//! * `reqwest`: HTTP with reqwest, which the two features above enable. Alone it has no TLS: only `http://` works, and building
//!   a client fails if another crate enables reqwest's `rustls-no-provider` and the application has not installed a provider.
//! * `hyper`: HTTP with hyper's connection pool, and TLS with rustls, ring and the platform's certificates. A request costs less
//!   processor time, and with `default-features = false` reqwest is not compiled. The rules are the same: timeouts, retries, the
//!   proxy of the environment, certificates. There is no [`ClientBuilder::http_client`]. If a crate of the build enables
//!   `reqwest` too, clients use reqwest unless [`ClientBuilder::use_hyper`] is called, so enabling `hyper` changes no client.
//! * Without any of these, a client needs a [`ClientBuilder::transport`].
//! * `chrono`, `time`, `jiff`: conversions from their types to [`DeliverAt`], and [`TeleflowPayload`] for their types.
//! * `uuid`, `url`, `rust_decimal`: [`TeleflowPayload`] for their types.

// An event passes through these modules from the top to the bottom. Each imports only from those below it.
#[doc(hidden)]
pub mod __private;
pub mod derive;
mod workflow;
pub mod fan_out;
mod deliver;
mod bulk;
mod broadcast;
mod event;
mod send_request;
mod client;
mod dispatch;
mod decode;
mod rate_policy;
mod retry_budget;
mod history;
mod mismatches;
mod timing;
mod retry;
pub mod transport;
mod verdict;
mod guards;
mod request;
mod setters;
mod event_body;
mod recipient_source;
mod workflow_payload;
mod typestate;
mod recipient;
mod tenant;
mod overrides;
mod deliver_at;
mod attachment;
pub mod as_string;
mod sensitive;
mod json;
mod payload_type;
mod bulk_report;
mod receipt;
mod error;
mod status;
mod id;
mod invalid;

pub use attachment::{Attachment, Channel};
pub use broadcast::{Broadcast, BroadcastReceipt};
pub use bulk::{Bulk, BulkPlan, IntoBulkEvent, PlannedRequest, RouteReason};
pub use bulk_report::{BulkReport, Failure};
pub use client::{Client, ClientBuilder, EU_BASE_URL, Sending};
pub use deliver_at::{DeliverAt, DeliverAtError};
pub use error::{Error, ErrorKind, Fate, Result};
pub use event::{Event, Untyped};
pub use guards::{Broadcasts, Destination, RecipientGuard};
pub use id::{SubscriberId, TransactionId, TriggerId};
pub use overrides::{EmailOverrides, Overrides, SmsOverrides};
pub use payload_type::TeleflowPayload;
pub use receipt::{Cancellation, Receipt};
pub use recipient::{IntoRecipients, Recipient, Recipients, Subscriber, Topic};
pub use recipient_source::FieldRecipients;
pub use request::Request;
pub use retry::RetryPolicy;
pub use send_request::SendingBulk;
pub use sensitive::sensitive;
pub use status::Status;
pub use teleflow_macros::{TeleflowPayload, TeleflowWorkflow};
pub use tenant::Tenant;
pub use typestate::{Needed, Settled};
pub use verdict::{Delivery, Pause, Reason, Verdict};
pub use workflow::TeleflowWorkflow;

/// Compiles the README's examples, and runs those that need no cloud.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Compiles and runs the worker of the page about queues.
#[cfg(doctest)]
#[doc = include_str!("../../docs/QUEUES.md")]
struct Queues;

/// Compiles and runs the example of the page about tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/TESTING.md")]
struct Testing;
