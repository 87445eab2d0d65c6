//! The client: its settings, and what it sends.

mod builder;
mod cancel;
mod handle;
mod sending;

pub use builder::{ClientBuilder, EU_BASE_URL};
pub use handle::Client;
pub use sending::Sending;
