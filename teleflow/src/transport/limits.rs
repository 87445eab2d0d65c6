//! Numbers and names that all transports over HTTP share.

use http::HeaderName;

/// The header with the idempotency key, of a request and of its response.
pub(crate) static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The largest response that is read, in bytes. Responses of the API have a few kilobytes.
pub(crate) const LARGEST_RESPONSE: usize = 8 * 1024 * 1024;

/// The pool closes idle connections before the server does, which closes them after 61 s.
// Source: `bootstrap.ts`.
#[cfg(any(feature = "reqwest", feature = "hyper"))]
pub(super) const POOL_IDLE: std::time::Duration = std::time::Duration::from_secs(55);

/// The default `User-Agent`.
#[cfg(any(feature = "reqwest", feature = "hyper"))]
pub(super) const AGENT: &str = concat!("teleflow/rust@", env!("CARGO_PKG_VERSION"));
