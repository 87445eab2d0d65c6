//! One attempt within its timeout, over HTTP or by a custom transport.

use std::time::Duration;

use super::attempt::Transport;
use super::error::TransportError;
#[cfg(feature = "hyper")]
use super::hyper::Hyper;
#[cfg(feature = "reqwest")]
use super::reqwest::Reqwest;
use super::response::Response;
use super::sent_flag::SentFlag;
use crate::request::Request;

/// The transport of a client.
pub(crate) enum Carrier {
    #[cfg(feature = "reqwest")]
    Reqwest(Box<Reqwest>),
    #[cfg(feature = "hyper")]
    Hyper(Box<Hyper>),
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
        let result = match self {
            #[cfg(feature = "reqwest")]
            Self::Reqwest(reqwest) => tokio::time::timeout(timeout, reqwest.attempt(request, &sent)).await,
            #[cfg(feature = "hyper")]
            Self::Hyper(hyper) => tokio::time::timeout(timeout, hyper.attempt(request, &sent)).await,
            Self::Custom(transport) => {
                // A custom transport does not report when it sends.
                sent.set();
                tokio::time::timeout(timeout, transport.attempt(request)).await
            }
        };
        let result = match result {
            Ok(result) => result,
            Err(_) if sent.is_set() => Err(TransportError::timed_out(timeout)),
            Err(_) => Err(TransportError::connect(format!("not connected within {} s", timeout.as_secs_f64()))),
        };
        match self {
            #[cfg(feature = "reqwest")]
            Self::Reqwest(reqwest) => result.map_err(|error| error.with_host(reqwest.host())),
            #[cfg(feature = "hyper")]
            Self::Hyper(hyper) => result.map_err(|error| error.with_host(hyper.host())),
            Self::Custom(_) => result,
        }
    }
}
