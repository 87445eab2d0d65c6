//! One event to every subscriber of the environment.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

use crate::client::{Client, Sending};
use crate::error::{Error, Result};
use crate::event::Untyped;
use crate::event_body::{EventParts, EventWriter, IdSource};
use crate::id::{TransactionId, TriggerId};
use crate::overrides::Overrides;
use crate::receipt::Receipt;
use crate::recipient::Subscriber;
use crate::request::{Endpoint, EventId, Request};
use crate::setters::setters;
use crate::tenant::Tenant;
use crate::typestate::{ActorSettled, Settled, TenantSettled};
use crate::workflow_payload::WorkflowPayload;

/// One event to **every** subscriber of the environment, returned by
/// [`TeleflowWorkflow::broadcast`](crate::TeleflowWorkflow::broadcast).
///
/// A broadcast costs 100 of the plan's rate limit, whatever the number of subscribers. On the free plan the server
/// refuses every broadcast.
///
/// ```
/// use teleflow::TeleflowWorkflow;
///
/// #[derive(serde::Serialize, TeleflowWorkflow)]
/// #[teleflow(trigger = "maintenance")]
/// struct Maintenance {
///     minutes: u32,
/// }
///
/// let request = Maintenance { minutes: 10 }.broadcast().into_request()?;
/// assert_eq!(request.path(), "/v1/events/trigger/broadcast");
/// # Ok::<(), teleflow::Error>(())
/// ```
#[must_use = "a broadcast does nothing until it is sent"]
pub struct Broadcast<W, Actor = Settled, Tenant = Settled> {
    parts: EventParts<W>,
    states: PhantomData<fn() -> (Actor, Tenant)>,
}

impl Broadcast<()> {
    /// Creates a broadcast without a derive, for a trigger identifier that is known only at run time.
    ///
    /// The payload is checked less than that of a derived struct: a name that the server replaces in templates is
    /// accepted, and an e-mail address in the payload is not validated.
    ///
    /// ```
    /// use teleflow::Broadcast;
    ///
    /// let request = Broadcast::untyped("maintenance", serde_json::json!({"minutes": 10})).into_request()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn untyped<S: Serialize>(trigger: impl Into<TriggerId>, payload: S) -> Broadcast<Untyped<S>> {
        let payload = Untyped::new(trigger.into(), payload);
        Broadcast::new(payload.trigger().clone(), payload)
    }
}

impl<S: Serialize, A, T> Broadcast<Untyped<S>, A, T> {
    /// Allows `email`, `phone` and `webhookUrl` at the payload's top level. The server sends to them *instead of* to the
    /// subscribers' own addresses, once for each subscriber. Without this, they are
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    pub fn address_from_payload(mut self) -> Self {
        self.parts.payload = self.parts.payload.address_from_payload();
        self
    }
}

impl<W: WorkflowPayload, A, T> Broadcast<W, A, T> {
    pub(crate) fn new(trigger: TriggerId, payload: W) -> Self {
        Self { parts: EventParts::new(trigger, payload), states: PhantomData }
    }
}

setters! {
    Broadcast<W> {}
    /// Sets who caused the event. The server notifies the actor of a broadcast too, unlike in topics.
    actor;
    /// Sets the tenant on whose behalf the event is sent.
    ///
    /// For an unknown tenant the server queues nothing, but responds as if it had.
    tenant;
}

impl<W: WorkflowPayload, A, T> Broadcast<W, A, T> {
    /// Serializes the broadcast, and returns a future that sends it.
    ///
    /// # Errors
    ///
    /// The future returns [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) in the cases of
    /// [`into_request`](Self::into_request), and sends nothing. It returns the other kinds if sending fails.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client) -> teleflow::Result<()> {
    /// let receipt = teleflow::Broadcast::untyped("maintenance", serde_json::json!({})).send(&client).await?;
    /// # Ok(()) }
    /// ```
    pub fn send(self, client: &Client) -> Sending<BroadcastReceipt>
    where
        A: ActorSettled<W>,
        T: TenantSettled<W>,
    {
        match self.build_request() {
            Ok(request) => client.send_one(request, BroadcastReceipt),
            Err((error, id)) => Sending::failed(error, id),
        }
    }

    /// Builds the request that [`send`](Self::send) would send.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if
    /// * the payload does not serialize to a JSON object, or has a key or a value that the server would misread;
    /// * the payload has an address (`email`, `phone`, `webhookUrl`) that is not marked as one, or, in a derived struct, a
    ///   name that the server replaces in templates;
    /// * the actor has a malformed e-mail address or locale;
    /// * an override is set twice, or has a value that the server would misread;
    /// * an id is blank, or every field in the template of the transaction id is blank.
    ///
    /// ```
    /// let error = teleflow::Broadcast::untyped("maintenance", 10).into_request().unwrap_err();
    /// assert_eq!(error.kind(), teleflow::ErrorKind::Invalid);
    /// ```
    pub fn into_request(self) -> Result<Request>
    where
        A: ActorSettled<W>,
        T: TenantSettled<W>,
    {
        self.build_request().map_err(|(error, _)| error)
    }

    /// The request of a broadcast that a test expects, which may lack an actor or a tenant. For `teleflow-emulator`.
    #[doc(hidden)]
    pub fn into_expected(self) -> Result<(Request, IdSource)> {
        let id_source = self.parts.id_source();
        self.build_request().map(|request| (request, id_source)).map_err(|(error, _)| error)
    }

    /// The error comes with the id that the event would have had.
    fn build_request(self) -> Result<Request, (Error, TransactionId)> {
        let mut body = Vec::with_capacity(256);
        let (transaction_id, sensitive, valid) = EventWriter::begin(&self.parts, &mut body).finish();
        let event = EventId { trigger: Some(self.parts.trigger), transaction_id, sensitive };
        match valid {
            Ok(()) => Ok(Request::post(Endpoint::Broadcast, Bytes::from(body), vec![event])),
            Err(invalid) => {
                let error = Error::invalid(invalid).with_context(event.context(Endpoint::Broadcast));
                Err((error, event.transaction_id))
            }
        }
    }
}

/// Hides the payload.
impl<W, A, T> fmt::Debug for Broadcast<W, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast")
            .field("trigger", &self.parts.trigger)
            .field("transaction_id", &self.parts.options.transaction_id)
            .finish_non_exhaustive()
    }
}

/// The server's response to a broadcast. It guarantees less than a [`Receipt`].
///
/// The server responds `processed` to every broadcast of an existing workflow, **even if it queued nothing** because the
/// workflow is switched off, has no active step, or its tenant is unknown.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) -> teleflow::Result<()> {
/// use teleflow::{Broadcast, BroadcastReceipt};
///
/// let receipt: BroadcastReceipt = Broadcast::untyped("maintenance", serde_json::json!({})).send(&client).await?;
/// println!("accepted as {}; the server does not report whether it was queued", receipt.transaction_id());
/// # Ok(()) }
/// ```
// Source: trigger-event-to-all.usecase.ts, which ignores the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastReceipt(Receipt);

impl BroadcastReceipt {
    /// The event's id on the server, if the server queued it.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        self.0.transaction_id()
    }

    /// The HTTP status of the response, usually 201.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.0.http_status()
    }

    /// The number of attempts, at least 1.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// Whether the response came from the server's idempotency cache.
    #[must_use]
    pub fn replayed(&self) -> bool {
        self.0.replayed()
    }
}
