//! One attempt within its time limit, by HTTP or by a transport of the application's.

use std::time::Duration;

use super::departure::Departure;
use super::http::Http;
use super::{Response, Transport, TransportError};
use crate::request::Request;

/// What carries the requests of a client.
pub(crate) enum Carrier {
    Http(Http),
    Custom(Box<dyn Transport>),
}

impl Carrier {
    /// Sends the request once, and gives up when `limit` is over.
    ///
    /// # Errors
    ///
    /// If no whole response came in time.
    pub(crate) async fn attempt(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        let departure = Departure::default();
        let attempt = match self {
            Self::Http(http) => http.attempt(request, &departure),
            Self::Custom(transport) => {
                // What it does with the request is not known.
                departure.note();
                transport.attempt(request)
            }
        };
        let result = match tokio::time::timeout(limit, attempt).await {
            Ok(result) => result,
            Err(_) if departure.is_noted() => Err(TransportError::timed_out(limit)),
            Err(_) => Err(TransportError::connect(format!("not connected within {} s", limit.as_secs_f64()))),
        };
        match self {
            Self::Http(http) => result.map_err(|error| error.to(http.host())),
            Self::Custom(_) => result,
        }
    }
}
