//! The trait that a derive implements: a payload that knows its trigger.

use crate::broadcast::Broadcast;
use crate::client::{Client, Sending};
use crate::event::Event;
use crate::payload::{Payload, SelfAddressed};
use crate::receipt::Receipt;
use crate::recipient::{IntoRecipients, Recipients};
use crate::typestate::{ActorSettled, Settled, TenantSettled};

/// A payload that knows the trigger identifier of its workflow.
///
/// Implemented by `#[derive(TeleflowWorkflow)]`, and for references to what has it. The parameters say
/// what the workflow needs beside a recipient: [`Settled`] where it needs nothing, [`Needed`](crate::Needed)
/// where it does. A bare bound `W: TeleflowWorkflow` means "no more than a recipient".
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
    note = "a workflow that uses the variables of an actor or a tenant implements it with `Needed` in that place"
)]
pub trait TeleflowWorkflow<Actor = Settled, Tenant = Settled>: Payload {
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
        Event::new(self, recipients)
    }

    /// Addresses the event to **every** subscriber of the environment.
    fn broadcast(self) -> Broadcast<Self, Actor, Tenant>
    where
        Self: Sized,
    {
        Broadcast::new(self)
    }

    /// Sends the event to the recipients in the field marked `#[teleflow(to)]`.
    ///
    /// # Errors
    ///
    /// Come out of the future, as those of [`Event::send`].
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
        Self: Sized + SelfAddressed,
        Actor: ActorSettled<Self>,
        Tenant: TenantSettled<Self>,
    {
        let recipients = self.recipients_of_field();
        Event::<Self, Recipients, Actor, Tenant>::new(self, recipients).send(client)
    }
}

// No `do_not_recommend`: what `W` lacks is said of `W`.
impl<W: TeleflowWorkflow<A, T>, A, T> TeleflowWorkflow<A, T> for &W {}
