//! The test kit: assertions over what was sent, and over the messages that a subscriber reads.

// A module imports only from those below it.
mod transcript;
mod check_on_drop;
mod assertions;
mod nothing_sent;
mod failure_text;
mod compare;
mod expected;
mod sent;
mod messages;
mod sensitive_texts;
mod describe;
mod client;
mod fail;
mod escape;

pub use check_on_drop::CheckOnDrop;
pub use client::no_network_client;
pub use expected::ExpectedEvent;
pub use messages::Messages;
pub use sent::Sent;
