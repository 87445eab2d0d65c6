//! One attempt within its timeout, over HTTP or by a custom transport.

use std::time::Duration;

use super::attempt::Transport;
use super::error::TransportError;
use super::http::Http;
use super::response::Response;
use super::sent_flag::SentFlag;
use crate::request::Request;

/// The transport of a client.
pub(crate) enum Carrier {
    Http(Http),
    Custom(Box<dyn Transport>),
}

impl Carrier {
    /// Sends the request once. Gives up after `timeout`.
    ///
    /// # Errors
    ///
    /// If there is no complete response in time.
    pub(crate) async fn attempt(&self, request: &Request, timeout: Duration) -> Result<Response, TransportError> {
        let sent = SentFlag::default();
        let attempt = match self {
            Self::Http(http) => http.attempt(request, &sent),
            Self::Custom(transport) => {
                // A custom transport does not report when it sends.
                sent.set();
                transport.attempt(request)
            }
        };
        let result = match tokio::time::timeout(timeout, attempt).await {
            Ok(result) => result,
            Err(_) if sent.is_set() => Err(TransportError::timed_out(timeout)),
            Err(_) => Err(TransportError::connect(format!("not connected within {} s", timeout.as_secs_f64()))),
        };
        match self {
            Self::Http(http) => result.map_err(|error| error.with_host(http.host())),
            Self::Custom(_) => result,
        }
    }
}
