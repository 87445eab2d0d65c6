//! The emulator as the transport of a client, without a socket.

use std::io::{Error, ErrorKind};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use teleflow::Request;
use teleflow::transport::{Response, Transport, TransportError, TransportFuture};

use super::apply_fault::Delivery;
use crate::emulator::Emulator;
use crate::request_log::SensitivePaths;

/// The length of a huge body in memory: large enough for any client to reject it.
const HUGE_IN_MEMORY: usize = 8 * 1024 * 1024 + 1;

/// Sends requests with the API key of this emulator, since a [`Request`] does not contain one.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await?;
/// assert_eq!(emulator.jobs()[0].trigger(), "welcome");
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
impl Transport for Emulator {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        Box::pin(async move {
            let mut request = self.http_request(request)?;
            self.log_attempt(&mut request);
            let (head, body) = request.into_parts();
            let response = match self.deliver(head, std::future::ready(body)).await {
                Delivery::Whole(response) => response,
                Delivery::Huge(response) => response.map(|_| Bytes::from(vec![b' '; HUGE_IN_MEMORY])),
                Delivery::Half(response) => {
                    let length = response.body().len();
                    return Err(TransportError::interrupted(format!("closed after {} of {length} bytes", length / 2)));
                }
                Delivery::Closed => return Err(TransportError::interrupted(Error::from(ErrorKind::ConnectionReset))),
                Delivery::Refused => return Err(TransportError::connect(Error::from(ErrorKind::ConnectionRefused))),
            };
            let (head, body) = response.into_parts();
            Ok(Response::new(head.status.as_u16(), head.headers, body))
        })
    }
}

impl Emulator {
    /// The request as a server would receive it.
    fn http_request(&self, request: &Request) -> Result<http::Request<Bytes>, TransportError> {
        let mut builder = http::Request::builder()
            .method(request.method())
            .uri(request.path())
            .header(AUTHORIZATION, format!("ApiKey {}", self.api_key()))
            .header(CONTENT_TYPE, "application/json");
        if let Some(key) = request.idempotency_key() {
            builder = builder.header("idempotency-key", key);
        }
        builder.extension(SensitivePaths::of(request)).body(request.body().clone()).map_err(TransportError::connect)
    }
}
