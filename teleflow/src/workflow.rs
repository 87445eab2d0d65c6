//! The trait that `#[derive(TeleflowWorkflow)]` implements.

use crate::broadcast::Broadcast;
use crate::client::{Client, Sending};
use crate::event::Event;
use crate::id::TriggerId;
use crate::receipt::Receipt;
use crate::recipient::IntoRecipients;
use crate::recipient_source::FieldRecipients;
use crate::typestate::{ActorSettled, Settled, TenantSettled};
use crate::workflow_payload::{HasRecipientField, WorkflowPayload};

/// The payload of a workflow, with the workflow's trigger identifier.
///
/// `#[derive(TeleflowWorkflow)]` implements it; references to such a type implement it too. Import it, with
/// `use teleflow::TeleflowWorkflow`, to call `to`, `event`, `broadcast` and `send` in any module. `Actor` and `Tenant` are
/// [`Needed`](crate::Needed) if the workflow uses the variables of an actor or a tenant, and [`Settled`] otherwise. The
/// bound `W: TeleflowWorkflow` accepts workflows that need only a recipient.
///
/// ```
/// use teleflow::{Client, Receipt, Sending, TeleflowWorkflow};
///
/// fn notify<W: TeleflowWorkflow>(client: &Client, event: W) -> Sending<Receipt> {
///     event.to("ada").send(client)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `TeleflowWorkflow<{Actor}, {Tenant}>`",
    label = "expected a struct that derives `TeleflowWorkflow`",
    note = "a workflow that uses the variables of an actor implements `TeleflowWorkflow<Needed>`; of a tenant, `TeleflowWorkflow<_, Needed>`"
)]
pub trait TeleflowWorkflow<Actor = Settled, Tenant = Settled>: WorkflowPayload {
    /// Addresses the event: to one recipient or to many.
    ///
    /// ```
    /// # use teleflow::{Recipients, Subscriber, TeleflowWorkflow, Topic};
    /// #[derive(serde::Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "welcome")]
    /// struct Welcome {}
    ///
    /// let to_one = Welcome {}.to("ada");
    /// let to_two = Welcome {}.to(["ada", "ben"]);
    /// let mut mixed = Recipients::new();
    /// mixed.push(Subscriber::new("eve").email("eve@example.com"));
    /// mixed.push(Topic::new("staff"));
    /// let to_many = Welcome {}.to(mixed);
    /// ```
    fn to<R: IntoRecipients>(self, recipients: R) -> Event<Self, R, Actor, Tenant>
    where
        Self: Sized,
    {
        Event::new(TriggerId::from_static(Self::TRIGGER), self, recipients)
    }

    /// Addresses the event to **every** subscriber of the environment.
    fn broadcast(self) -> Broadcast<Self, Actor, Tenant>
    where
        Self: Sized,
    {
        Broadcast::new(TriggerId::from_static(Self::TRIGGER), self)
    }

    /// Addresses the event to the recipients in the field marked `#[teleflow(to)]`.
    ///
    /// The event of a reference borrows the payload.
    ///
    /// ```
    /// # use teleflow::{Bulk, TeleflowWorkflow};
    /// #[derive(serde::Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "invoice")]
    /// struct Invoice {
    ///     number: u32,
    ///     #[teleflow(to)]
    ///     customer: String,
    /// }
    ///
    /// let invoices = [7, 8].map(|number| Invoice { number, customer: "ada".into() });
    /// let mut bulk: Bulk = invoices.iter().map(TeleflowWorkflow::event).collect();
    ///
    /// let corrected = Invoice { number: 9, customer: "ada".into() };
    /// bulk.push((&corrected).event().tenant("hats").transaction_id("invoice-9"));
    /// let request = corrected.event().actor("merchant-7").into_request()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    fn event(self) -> Event<Self, FieldRecipients, Actor, Tenant>
    where
        Self: Sized + HasRecipientField,
    {
        Event::with_field_recipients(TriggerId::from_static(Self::TRIGGER), self)
    }

    /// Sends the event to the recipients in the field marked `#[teleflow(to)]`: [`event`](Self::event), then
    /// [`Event::send`].
    ///
    /// # Errors
    ///
    /// Returned when the future is awaited, as by [`Event::send`].
    ///
    /// ```no_run
    /// # use teleflow::{Client, TeleflowWorkflow};
    /// #[derive(serde::Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "welcome")]
    /// struct Welcome {
    ///     #[teleflow(to)]
    ///     user: String,
    /// }
    ///
    /// # async fn f(client: Client) -> teleflow::Result<()> {
    /// let receipt = Welcome { user: "ada".into() }.send(&client).await?;
    /// # Ok(()) }
    /// ```
    fn send(self, client: &Client) -> Sending<Receipt>
    where
        Self: Sized + HasRecipientField,
        Actor: ActorSettled<Self>,
        Tenant: TenantSettled<Self>,
    {
        self.event().send(client)
    }
}

// No `do_not_recommend`: an error must name the bound that `W` does not meet.
impl<W: TeleflowWorkflow<A, T>, A, T> TeleflowWorkflow<A, T> for &W {}
