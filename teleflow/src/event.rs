//! One event, from its recipients to its request.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

use crate::client::{Client, Sending};
use crate::error::{Error, Result};
use crate::id::{TransactionId, TriggerId};
use crate::overrides::Overrides;
use crate::payload::{self, Options, Payload};
use crate::receipt::Receipt;
use crate::recipient::{Given, IntoRecipients, Subscriber};
use crate::request::{Endpoint, EventId, Request};
use crate::tenant::Tenant;
use crate::typestate::{ActorSettled, Settled, TenantSettled};

mod untyped;

pub use untyped::Untyped;

/// An event with its recipients: what `.to(..)` makes of a struct.
///
/// The last two parameters say whether the actor and the tenant are settled: see [`Settled`] and
/// [`Needed`](crate::Needed).
///
/// ```
/// use teleflow::{Subscriber, TeleflowWorkflow};
///
/// #[derive(serde::Serialize, TeleflowWorkflow)]
/// #[teleflow(trigger = "order-shipped")]
/// struct OrderShipped<'a> {
///     order_id: &'a str,
/// }
///
/// let request = OrderShipped { order_id: "A-7" }
///     .to(Subscriber::new("ada").email("ada@example.com"))
///     .actor("merchant-7")
///     .transaction_id("order-A-7")
///     .into_request()?;
/// assert_eq!(
///     request.body(),
///     concat!(
///         r#"{"name":"order-shipped","to":{"subscriberId":"ada","email":"ada@example.com"},"#,
///         r#""payload":{"order_id":"A-7"},"actor":{"subscriberId":"merchant-7"},"transactionId":"order-A-7"}"#,
///     ),
/// );
/// # Ok::<(), teleflow::Error>(())
/// ```
#[must_use = "an event does nothing until it is sent"]
pub struct Event<W, R, Actor = Settled, Tenant = Settled> {
    trigger: TriggerId,
    payload: W,
    recipients: Given<R>,
    options: Options,
    states: PhantomData<fn() -> (Actor, Tenant)>,
}

impl Event<(), ()> {
    /// An event for a trigger identifier known only at run time, without a derive.
    ///
    /// `payload` is what serializes to a JSON object. Call [`to`](Untyped::to) next. A payload with `email`, `phone` or
    /// `webhookUrl` at its top needs [`address_from_payload`](Untyped::address_from_payload).
    ///
    /// The payload is not checked as that of a derived struct: a name that the server hides in templates is accepted, and
    /// an e-mail address in the payload is not validated.
    ///
    /// ```
    /// use teleflow::Event;
    ///
    /// let request = Event::untyped("welcome", serde_json::json!({"plan": "gold"})).to("ada").into_request()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn untyped<S: Serialize>(trigger: impl Into<TriggerId>, payload: S) -> Untyped<S> {
        Untyped::new(trigger.into(), payload)
    }
}

impl<S: Serialize, R, A, T> Event<Untyped<S>, R, A, T> {
    /// Takes `email`, `phone` and `webhookUrl` at the top of the payload as addresses: see
    /// [`Untyped::address_from_payload`].
    pub fn address_from_payload(mut self) -> Self {
        self.payload = self.payload.address_from_payload();
        self
    }
}

impl<W: Payload, R: IntoRecipients, A, T> Event<W, R, A, T> {
    pub(crate) fn new(payload: W, recipients: R) -> Self {
        let options = Options::of(&payload);
        Self {
            trigger: payload.trigger_of_workflow(),
            payload,
            recipients: Given::new(recipients),
            options,
            states: PhantomData,
        }
    }
}

impl<W, R, A, T> Event<W, R, A, T> {
    fn settle<A2, T2>(self) -> Event<W, R, A2, T2> {
        let Self { trigger, payload, recipients, options, states: _ } = self;
        Event { trigger, payload, recipients, options, states: PhantomData }
    }

    /// Who caused the event. The server leaves the actor out of the event's topics.
    ///
    /// Wins over a field marked `#[teleflow(actor)]`. It always goes as an object: as a bare id it
    /// fails in workflows that read an actor's variables.
    pub fn actor(mut self, actor: impl Into<Subscriber>) -> Event<W, R, Settled, T> {
        self.options.actor = Some(actor.into());
        self.settle()
    }

    /// Who caused the event, if that is known. What a workflow needs is not settled by this.
    pub fn maybe_actor(mut self, actor: Option<impl Into<Subscriber>>) -> Self {
        self.options.actor = actor.map(Into::into).or(self.options.actor);
        self
    }

    /// The tenant on whose behalf the event is sent. The server drops an event for one it does not know.
    ///
    /// Wins over a field marked `#[teleflow(tenant)]`.
    pub fn tenant(mut self, tenant: impl Into<Tenant>) -> Event<W, R, A, Settled> {
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
    ///
    /// One id belongs to one event: the server's worker drops a second one in silence, whatever its
    /// workflow and its recipients. See [`TransactionId`].
    pub fn transaction_id(mut self, id: impl Into<TransactionId>) -> Self {
        self.options.transaction_id = Some(id.into());
        self
    }
}

impl<W: Payload, R, A, T> Event<W, R, A, T> {
    /// Sends the event: serialized now, sent when the future is awaited.
    ///
    /// # Errors
    ///
    /// Returned when the future is awaited: [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the event could not be
    /// formed, for the reasons of [`into_request`](Self::into_request); the other kinds once it was sent.
    ///
    /// ```no_run
    /// # use teleflow::{Client, TeleflowWorkflow};
    /// #[derive(serde::Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "welcome")]
    /// struct Welcome {}
    ///
    /// # async fn f(client: Client) -> teleflow::Result<()> {
    /// let receipt = Welcome {}.to("ada").send(&client).await?;
    /// # Ok(()) }
    /// ```
    pub fn send(self, client: &Client) -> Sending<Receipt>
    where
        A: ActorSettled<W>,
        T: TenantSettled<W>,
    {
        match self.form() {
            Ok(request) => client.send_one(request),
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
    /// * there is no recipient, or one without an id;
    /// * a subscriber (recipient or actor) has a malformed e-mail address or locale;
    /// * an override is set twice, or has a value that the server cannot take;
    /// * an id is blank, or every field in the template of the transaction id is.
    ///
    /// ```
    /// use teleflow::Event;
    ///
    /// let nobody: [&str; 0] = [];
    /// let error = Event::untyped("welcome", serde_json::json!({})).to(nobody).into_request().unwrap_err();
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
        let mut body = Vec::with_capacity(256);
        match self.write(&mut body) {
            (id, Ok(())) => Ok(Request::post(Endpoint::Trigger, Bytes::from(body), vec![id])),
            (id, Err(error)) => Err((error.with_context(id.context(Endpoint::Trigger)), id.transaction_id)),
        }
    }

    /// Writes the event at the end of `out`. After an error `out` is as it was.
    pub(crate) fn write(self, out: &mut Vec<u8>) -> (EventId, Result<()>) {
        let Self { trigger, payload, recipients, options, states: _ } = self;
        let (transaction_id, written) = payload::write_event(&trigger, &payload, Some(recipients), options, out);
        let written = written.map_err(Error::invalid);
        (EventId { trigger: Some(trigger), transaction_id }, written)
    }
}

/// Without payload and recipients.
impl<W, R, A, T> fmt::Debug for Event<W, R, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("trigger", &self.trigger)
            .field("transaction_id", &self.options.transaction_id)
            .finish_non_exhaustive()
    }
}
