//! Clients for tests: of an emulator, and one without a network.

use teleflow::transport::{Transport, TransportError, TransportFuture};
use teleflow::{Client, ClientBuilder, Request, RetryPolicy};

use super::fail::fail;
use crate::emulator::Emulator;
use crate::faults::fault::Fault;

impl Emulator {
    /// Returns a client that sends to this emulator, in memory. It has the usual timeouts and retries.
    ///
    /// ```
    /// use teleflow::Event;
    /// use teleflow_emulator::Emulator;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new().accept_unknown_workflows();
    /// Event::untyped("welcome", serde_json::json!({})).to("ada").send(&emulator.client()).await?;
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn client(&self) -> Client {
        build(self.client_builder())
    }

    /// Returns the builder of a client that sends to this emulator, for other settings.
    ///
    /// ```
    /// use teleflow::RetryPolicy;
    /// use teleflow_emulator::Emulator;
    ///
    /// let client = Emulator::new().client_builder().retry(RetryPolicy::none()).build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder().transport(self.clone())
    }

    /// Injects a fault into the next request: [`faults`](Self::faults) has other plans. A client retries most faults, so
    /// use a client without retries to see the error.
    ///
    /// ```
    /// use teleflow::{Event, Fate, RetryPolicy};
    /// use teleflow_emulator::{Emulator, Fault};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new().accept_unknown_workflows();
    /// let client = emulator.client_builder().retry(RetryPolicy::none()).build()?;
    /// emulator.fail_next(Fault::CloseAfter);
    /// let error = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap_err();
    /// assert_eq!(error.fate(), Fate::Unknown);
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    pub fn fail_next(&self, fault: Fault) -> &Self {
        self.faults().next(fault);
        self
    }
}

/// Returns a client that cannot send, for code that must not: each request fails at once, with
/// [`ErrorKind::Connect`](teleflow::ErrorKind::Connect) and a source that says so.
///
/// ```
/// use std::error::Error;
///
/// use teleflow::Event;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let client = teleflow_emulator::no_network_client();
/// let error = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap_err();
/// let source = error.source().expect("a source");
/// assert!(format!("{source:?}").contains("`no_network_client`"));
/// # });
/// ```
#[must_use]
#[track_caller]
pub fn no_network_client() -> Client {
    build(Client::builder().transport(NoNetwork).retry(RetryPolicy::none()))
}

#[derive(Debug)]
struct NoNetwork;

impl Transport for NoNetwork {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let what = match request.triggers().next() {
            Some(trigger) => format!("an event of workflow `{trigger}`"),
            None => format!("{} {}", request.method(), request.path()),
        };
        let text = format!("a client from `no_network_client` cannot send {what}");
        Box::pin(async { Err(TransportError::connect(text)) })
    }
}

#[track_caller]
fn build(builder: ClientBuilder) -> Client {
    match builder.build() {
        Ok(client) => client,
        Err(error) => fail(&error.to_string()),
    }
}
