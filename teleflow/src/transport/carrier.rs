//! One attempt within its timeout, over HTTP or by a custom transport.

use std::time::Duration;

use super::attempt::Transport;
use super::departure::Departure;
use super::error::TransportError;
use super::http::Http;
use super::response::Response;
use crate::request::Request;

/// The transport of a client.
pub(crate) enum Carrier {
    Http(Box<Http>),
    Custom(Box<dyn Transport>),
}

impl Carrier {
    /// Sends the request once. Gives up after `timeout`.
    ///
    /// # Errors
    ///
    /// If there is no complete response in time.
    pub(crate) async fn attempt(&self, request: &Request, timeout: Duration) -> Result<Response, TransportError> {
        let departure = Departure::default();
        let result = match self {
            Self::Http(http) => tokio::time::timeout(timeout, http.attempt(request, &departure)).await,
            Self::Custom(transport) => {
                // A custom transport does not report when it sends.
                departure.record();
                tokio::time::timeout(timeout, transport.attempt(request)).await
            }
        };
        let result = match result {
            Ok(result) => result,
            Err(_) if departure.is_recorded() => Err(TransportError::timed_out(timeout)),
            Err(_) => Err(TransportError::connect(format!("not connected within {} s", timeout.as_secs_f64()))),
        };
        match self {
            Self::Http(http) => result.map_err(|error| error.with_host(http.host())),
            Self::Custom(_) => result,
        }
    }
}
