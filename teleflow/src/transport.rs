//! One attempt of a request: the interface between the client and the network.

mod carrier;
pub(crate) mod http;
mod departure;
mod attempt;
mod error;
mod response;

pub use attempt::{Transport, TransportFuture};
pub(crate) use carrier::Carrier;
pub(crate) use error::Failure;
pub use error::TransportError;
pub use response::Response;
