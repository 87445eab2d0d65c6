//! One event to every subscriber of the environment.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

use crate::client::{Client, Sending};
use crate::error::{Error, Result};
use crate::event::Untyped;
use crate::id::{TransactionId, TriggerId};
use crate::overrides::Overrides;
use crate::payload::{self, Nobody, Options, Payload};
use crate::receipt::Receipt;
use crate::recipient::Subscriber;
use crate::request::{Endpoint, EventId, Request};
use crate::tenant::Tenant;
use crate::typestate::{ActorSettled, Settled, TenantSettled};

/// One event to **every** subscriber of the environment: what `.broadcast()` makes of a struct.
///
/// The actor is not left out of a broadcast. It costs 100 of the plan's rate limit, whatever the
/// number of subscribers; on the free plan the server refuses every one.
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
    trigger: TriggerId,
    payload: W,
    options: Options,
    states: PhantomData<fn() -> (Actor, Tenant)>,
}

impl Broadcast<()> {
    /// A broadcast for a trigger identifier known only at run time, without a derive.
    ///
    /// The payload is not checked as that of a derived struct: a name that the server hides in templates is accepted, and
    /// an e-mail address in the payload is not validated.
    ///
    /// ```
    /// use teleflow::Broadcast;
    ///
    /// let request = Broadcast::untyped("maintenance", serde_json::json!({"minutes": 10})).into_request()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn untyped<S: Serialize>(trigger: impl Into<TriggerId>, payload: S) -> Broadcast<Untyped<S>> {
        Broadcast::new(Untyped::new(trigger.into(), payload))
    }
}

impl<S: Serialize, A, T> Broadcast<Untyped<S>, A, T> {
    /// Takes `email`, `phone` and `webhookUrl` at the top of the payload as addresses: the server sends there *instead of*
    /// to the subscribers' own, once for each of them. Without this, they are
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    pub fn address_from_payload(mut self) -> Self {
        self.payload = self.payload.address_from_payload();
        self
    }
}

impl<W: Payload, A, T> Broadcast<W, A, T> {
    pub(crate) fn new(payload: W) -> Self {
        let options = Options::of(&payload);
        Self { trigger: payload.trigger_of_workflow(), payload, options, states: PhantomData }
    }
}

impl<W, A, T> Broadcast<W, A, T> {
    fn settle<A2, T2>(self) -> Broadcast<W, A2, T2> {
        let Self { trigger, payload, options, states: _ } = self;
        Broadcast { trigger, payload, options, states: PhantomData }
    }

    /// Who caused the event. Unlike in topics, the actor is notified too.
    pub fn actor(mut self, actor: impl Into<Subscriber>) -> Broadcast<W, Settled, T> {
        self.options.actor = Some(actor.into());
        self.settle()
    }

    /// Who caused the event, if that is known. What a workflow needs is not settled by this.
    pub fn maybe_actor(mut self, actor: Option<impl Into<Subscriber>>) -> Self {
        self.options.actor = actor.map(Into::into).or(self.options.actor);
        self
    }

    /// The tenant on whose behalf the event is sent.
    ///
    /// For a tenant that it does not know the server queues nothing, and answers as if it had.
    pub fn tenant(mut self, tenant: impl Into<Tenant>) -> Broadcast<W, A, Settled> {
        self.options.tenant = Some(tenant.into());
        self.settle()
    }

    /// The tenant, if there is one. What a workflow needs is not settled by this.
    pub fn maybe_tenant(mut self, tenant: Option<impl Into<Tenant>>) -> Self {
        self.options.tenant = tenant.map(Into::into).or(self.options.tenant);
        self
    }

    /// What this event changes in the settings of its workflow.
    pub fn overrides(mut self, overrides: Overrides) -> Self {
        self.options.overrides = Some(overrides);
        self
    }

    /// The event's own id, instead of one derived from the attribute's template or a random one.
    pub fn transaction_id(mut self, id: impl Into<TransactionId>) -> Self {
        self.options.transaction_id = Some(id.into());
        self
    }
}

impl<W: Payload, A, T> Broadcast<W, A, T> {
    /// Sends the broadcast: serialized now, sent when the future is awaited.
    ///
    /// # Errors
    ///
    /// Returned when the future is awaited: [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the event could not be
    /// formed, for the reasons of [`into_request`](Self::into_request); the other kinds once it was sent.
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
        match self.form() {
            Ok(request) => client.send_one(request).map(BroadcastReceipt),
            Err((error, id)) => Sending::failed(error, id),
        }
    }

    /// The request that [`send`](Self::send) would send.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if
    /// * the payload does not serialize to a JSON object, or has a key or a value that the server cannot take;
    /// * the payload has an address (`email`, `phone`, `webhookUrl`) that is not marked as one, or, in a derived struct, a
    ///   name that the server hides in templates;
    /// * the actor has a malformed e-mail address or locale;
    /// * an override is set twice, or has a value that the server cannot take;
    /// * an id is blank, or every field in the template of the transaction id is.
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
        self.form().map_err(|(error, _)| error)
    }

    fn form(self) -> Result<Request, (Error, TransactionId)> {
        let Self { trigger, payload, options, states: _ } = self;
        let mut body = Vec::with_capacity(256);
        let (transaction_id, written) = payload::write_event(&trigger, &payload, Nobody::None, options, &mut body);
        let id = EventId { trigger: Some(trigger), transaction_id };
        match written {
            Ok(()) => Ok(Request::post(Endpoint::Broadcast, Bytes::from(body), vec![id])),
            Err(fault) => {
                let error = Error::invalid(fault).with_context(id.context(Endpoint::Broadcast));
                Err((error, id.transaction_id))
            }
        }
    }
}

/// Without the payload.
impl<W, A, T> fmt::Debug for Broadcast<W, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast")
            .field("trigger", &self.trigger)
            .field("transaction_id", &self.options.transaction_id)
            .finish_non_exhaustive()
    }
}

/// The server's answer to a broadcast, which says less than a [`Receipt`].
///
/// It answers `processed` to every broadcast of a workflow that exists, **even if it queued nothing**
/// because the workflow is switched off, has no active step, or its tenant is unknown.
/// (`trigger-event-to-all.usecase.ts` throws the result away.) That is why this is a type of its own.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) -> teleflow::Result<()> {
/// use teleflow::{Broadcast, BroadcastReceipt};
///
/// let receipt: BroadcastReceipt = Broadcast::untyped("maintenance", serde_json::json!({})).send(&client).await?;
/// println!("taken as {}; whether anything was queued, the server does not say", receipt.transaction_id());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastReceipt(Receipt);

impl BroadcastReceipt {
    /// The id under which the server knows the event, if it queued it.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        self.0.transaction_id()
    }

    /// The HTTP status of the answer, 201 as a rule.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.0.http_status()
    }

    /// How many times the request was sent, 1 at least.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// Whether the answer came from the server's idempotency cache.
    #[must_use]
    pub fn replayed(&self) -> bool {
        self.0.replayed()
    }
}
