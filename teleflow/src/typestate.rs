//! What an event still lacks, as types.

mod sealed {
    pub trait Sealed {}
}

/// Nothing is missing: it has been given, or the workflow does not ask for it.
///
/// ```
/// use teleflow::{Settled, TeleflowWorkflow};
///
/// // The same bound as `W: TeleflowWorkflow`.
/// fn needs_only_a_recipient<W: TeleflowWorkflow<Settled, Settled>>(_: &W) {}
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {}

/// The workflow reads it, and it has not been given yet: sending does not compile.
///
/// ```
/// use teleflow::{Client, Needed, Receipt, Sending, TeleflowWorkflow};
///
/// // A workflow that reads its actor's variables; the tenant is settled.
/// fn notify<W: TeleflowWorkflow<Needed>>(client: &Client, event: W) -> Sending<Receipt> {
///     event.to("ada").actor("ben").send(client)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {}

impl sealed::Sealed for Settled {}
impl sealed::Sealed for Needed {}

/// The state of an actor that does not keep an event of `W` from being sent: [`Settled`].
///
/// ```
/// use teleflow::derive::ActorSettled;
/// use teleflow::{Event, Request, Result, TeleflowWorkflow};
///
/// fn form<W: TeleflowWorkflow<S>, S: ActorSettled<W>>(event: Event<W, &str, S>) -> Result<Request> {
///     event.into_request()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the workflow of `{W}` uses the actor's variables, but no actor has been set",
    label = "call `.actor(..)` before this"
)]
pub trait ActorSettled<W: ?Sized>: sealed::Sealed {}

/// The state of a tenant that does not keep an event of `W` from being sent: [`Settled`].
///
/// ```
/// use teleflow::derive::TenantSettled;
/// use teleflow::{Event, Request, Result, Settled, TeleflowWorkflow};
///
/// fn form<W: TeleflowWorkflow<Settled, S>, S: TenantSettled<W>>(event: Event<W, &str, Settled, S>) -> Result<Request> {
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
