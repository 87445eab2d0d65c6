//! The states of an event's actor and tenant, as types.

mod sealed {
    pub trait Sealed {}
}

/// The state of an actor or tenant that has been set, or that the workflow does not use.
///
/// ```
/// use teleflow::{Settled, TeleflowWorkflow};
///
/// // The same bound as `W: TeleflowWorkflow`.
/// fn needs_only_a_recipient<W: TeleflowWorkflow<Settled, Settled>>(_: &W) {}
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {}

/// The state of an actor or tenant that the workflow uses and that has not been set yet. Sending does not compile.
///
/// ```
/// use teleflow::{Client, Needed, Receipt, Sending, TeleflowWorkflow};
///
/// // Any workflow that uses the actor's variables, but not the tenant's.
/// fn notify<W: TeleflowWorkflow<Needed>>(client: &Client, event: W) -> Sending<Receipt> {
///     event.to("ada").actor("ben").send(client)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {}

impl sealed::Sealed for Settled {}
impl sealed::Sealed for Needed {}

/// A state of the actor in which an event of the workflow `W` can be sent: [`Settled`].
///
/// ```
/// use teleflow::derive::ActorSettled;
/// use teleflow::{Event, Request, Result, TeleflowWorkflow};
///
/// fn build<W: TeleflowWorkflow<S>, S: ActorSettled<W>>(event: Event<W, &str, S>) -> Result<Request> {
///     event.into_request()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the workflow of `{W}` uses the actor's variables, but no actor has been set",
    label = "call `.actor(..)` before this"
)]
pub trait ActorSettled<W: ?Sized>: sealed::Sealed {}

/// A state of the tenant in which an event of the workflow `W` can be sent: [`Settled`].
///
/// ```
/// use teleflow::derive::TenantSettled;
/// use teleflow::{Event, Request, Result, Settled, TeleflowWorkflow};
///
/// fn build<W: TeleflowWorkflow<Settled, S>, S: TenantSettled<W>>(event: Event<W, &str, Settled, S>) -> Result<Request> {
///     event.into_request()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the workflow of `{W}` uses the tenant's variables, but no tenant has been set",
    label = "call `.tenant(..)` before this"
)]
pub trait TenantSettled<W: ?Sized>: sealed::Sealed {}

#[diagnostic::do_not_recommend]
impl<W: ?Sized> ActorSettled<W> for Settled {}
#[diagnostic::do_not_recommend]
impl<W: ?Sized> TenantSettled<W> for Settled {}
