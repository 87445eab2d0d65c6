//! One attempt of a request: the interface between the client and the network.

mod carrier;
#[cfg(feature = "reqwest")]
pub(crate) mod reqwest;
#[cfg(feature = "hyper")]
pub(crate) mod hyper;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod request_headers;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod observed_body;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
mod response_body;
mod sent_flag;
mod attempt;
// Without a feature for HTTP, custom transports do not use all of it.
#[cfg_attr(not(any(feature = "reqwest", feature = "hyper")), expect(dead_code))]
mod error;
mod response;
mod limits;

pub use attempt::{Transport, TransportFuture};
pub(crate) use carrier::Carrier;
pub(crate) use error::AttemptFailure;
pub use error::TransportError;
pub(crate) use limits::{IDEMPOTENCY_KEY, LARGEST_RESPONSE};
pub use response::Response;
