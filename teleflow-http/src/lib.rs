//! Rules for talking to a Teleflow server over HTTP that the library and the command line share.
//!
//! Internal to the crates of teleflow: it has no stable interface. It sends nothing and needs no HTTP client.

// A module imports only from those below it.
pub mod body;
pub mod messages;
pub mod node;
pub mod retry_after;
pub mod sanitize;
#[cfg(feature = "rustls")]
pub mod tls;
pub mod proxy;
pub mod base_url;
pub mod loopback;
pub mod api_key;
pub mod env;
