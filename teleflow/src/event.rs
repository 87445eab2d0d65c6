//! One event with its recipients.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::Serialize;

use crate::client::{Client, Sending};
use crate::error::{Error, Result};
use crate::event_body::{EventParts, EventWriter, IdSource};
use crate::id::{TransactionId, TriggerId};
use crate::overrides::Overrides;
use crate::receipt::Receipt;
use crate::recipient::{IntoRecipients, Subscriber};
use crate::recipient_source::{FieldRecipients, RecipientSource};
use crate::request::{Endpoint, EventId, Request};
use crate::setters::setters;
use crate::tenant::Tenant;
use crate::typestate::{ActorSettled, Settled, TenantSettled};
use crate::workflow_payload::{HasRecipientField, WorkflowPayload};

mod untyped;

pub use untyped::Untyped;

/// An event with its recipients, returned by [`TeleflowWorkflow::to`](crate::TeleflowWorkflow::to) and
/// [`TeleflowWorkflow::event`](crate::TeleflowWorkflow::event).
///
/// `Actor` and `Tenant` are [`Needed`](crate::Needed) if the workflow uses the variables of an actor or a tenant that has
/// not been set, and [`Settled`] otherwise.
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
    parts: EventParts<W>,
    recipients: RecipientSource<W, R>,
    states: PhantomData<fn() -> (Actor, Tenant)>,
}

impl Event<(), ()> {
    /// Creates an event without a derive, for a trigger identifier that is known only at run time.
    ///
    /// `payload` must serialize to a JSON object. Call [`to`](Untyped::to) next. A payload with `email`, `phone` or
    /// `webhookUrl` at its top level needs [`address_from_payload`](Untyped::address_from_payload).
    ///
    /// The payload is checked less than that of a derived struct: a name that the server replaces in templates is
    /// accepted, and an e-mail address in the payload is not validated.
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
    /// Allows `email`, `phone` and `webhookUrl` at the payload's top level: see [`Untyped::address_from_payload`].
    pub fn address_from_payload(mut self) -> Self {
        self.parts.payload = self.parts.payload.address_from_payload();
        self
    }
}

impl<W: WorkflowPayload, R: IntoRecipients, A, T> Event<W, R, A, T> {
    pub(crate) fn new(trigger: TriggerId, payload: W, recipients: R) -> Self {
        Self {
            parts: EventParts::new(trigger, payload),
            recipients: RecipientSource::new(recipients),
            states: PhantomData,
        }
    }
}

impl<W: WorkflowPayload + HasRecipientField, A, T> Event<W, FieldRecipients, A, T> {
    /// The recipients are in the payload, so they are read when the event is written.
    pub(crate) fn with_field_recipients(trigger: TriggerId, payload: W) -> Self {
        let recipients = RecipientSource::of_field(&payload);
        Self { parts: EventParts::new(trigger, payload), recipients, states: PhantomData }
    }
}

setters! {
    Event<W, R> { recipients }
    /// Sets who caused the event. The server does not notify the actor as a member of a topic.
    ///
    /// Replaces the actor of a field marked `#[teleflow(actor)]`. The actor is always sent as an object, because a
    /// bare id fails in workflows that use the actor's variables.
    actor;
    /// Sets the tenant on whose behalf the event is sent. The server drops an event for an unknown tenant.
    ///
    /// Replaces the tenant of a field marked `#[teleflow(tenant)]`.
    tenant;
}

impl<W: WorkflowPayload, R, A, T> Event<W, R, A, T> {
    /// Serializes the event, and returns a future that sends it.
    ///
    /// # Errors
    ///
    /// The future returns [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) in the cases of
    /// [`into_request`](Self::into_request), and sends nothing. It returns the other kinds if sending fails.
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
        match self.build_request() {
            Ok(request) => client.send_one(request, |receipt| receipt),
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
    /// * there is no recipient, or one without an id;
    /// * a subscriber (recipient or actor) has a malformed e-mail address or locale;
    /// * an override is set twice, or has a value that the server would misread;
    /// * an id is blank, or every field in the template of the transaction id is blank.
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
        self.build_request().map_err(|(error, _)| error)
    }

    /// The request of an event that a test expects, which may lack an actor or a tenant. For `teleflow-emulator`.
    #[doc(hidden)]
    pub fn into_expected(self) -> Result<(Request, IdSource)> {
        let id_source = self.parts.id_source();
        self.build_request().map(|request| (request, id_source)).map_err(|(error, _)| error)
    }

    /// The error comes with the id that the event would have had.
    fn build_request(self) -> Result<Request, (Error, TransactionId)> {
        let mut body = Vec::with_capacity(512);
        match self.write(&mut body) {
            (event, Ok(())) => Ok(Request::post(Endpoint::Trigger, Bytes::from(body), vec![event])),
            (event, Err(error)) => Err((error.with_context(event.context(Endpoint::Trigger)), event.transaction_id)),
        }
    }

    /// Appends the event to `out`. On an error `out` is unchanged.
    pub(crate) fn write(self, out: &mut Vec<u8>) -> (EventId, Result<()>) {
        let writer = EventWriter::begin(&self.parts, out).recipients(self.recipients);
        let (transaction_id, sensitive, valid) = writer.finish();
        let event = EventId { trigger: Some(self.parts.trigger), transaction_id, sensitive };
        (event, valid.map_err(Error::invalid))
    }
}

/// Hides payload and recipients.
impl<W, R, A, T> fmt::Debug for Event<W, R, A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("trigger", &self.parts.trigger)
            .field("transaction_id", &self.parts.options.transaction_id)
            .finish_non_exhaustive()
    }
}
