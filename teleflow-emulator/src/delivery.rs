//! How a request reaches the emulator, in memory or over HTTP, and what its sender receives.

// A module imports only from those below it.
#[cfg(feature = "serve")]
pub(crate) mod serve;
#[cfg(feature = "serve")]
mod connection;
mod transport;
mod apply_fault;
