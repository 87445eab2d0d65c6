//! The only writer of bodies, and what it refuses to write.
//!
//! One event is written the same way alone and inside a bulk.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use crate::id::{TransactionId, TransactionIdPieces, TriggerId};
use crate::json::{self, Fault, Role};
use crate::overrides::Overrides;
use crate::recipient::{Given, RecipientRef, Recipients, Subscriber};
use crate::tenant::Tenant;

/// A payload: what implements serde's `Serialize`.
///
/// ```
/// fn is_a_payload(_: &impl teleflow::derive::SerializePayload) {}
///
/// is_a_payload(&serde_json::json!({}));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `serde::Serialize`, so it cannot be a payload",
    label = "add `#[derive(serde::Serialize)]` to this struct"
)]
pub trait SerializePayload<P: ?Sized = Self> {
    /// Writes the payload, a JSON object.
    #[doc(hidden)]
    fn write_payload(payload: &P, out: &mut PayloadBuffer<'_>) -> Written;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> SerializePayload for T {
    fn write_payload(payload: &T, out: &mut PayloadBuffer<'_>) -> Written {
        out.write(payload)
    }
}

/// What a derive knows of its struct.
///
/// ```
/// fn is_a_payload(_: &impl teleflow::derive::Payload) {}
///
/// #[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
/// #[teleflow(trigger = "welcome")]
/// struct Welcome {}
///
/// is_a_payload(&Welcome {});
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not derive `TeleflowWorkflow`",
    label = "derive `teleflow::TeleflowWorkflow`, or remove `trigger` if this is only a part of payloads"
)]
pub trait Payload {
    /// The trigger identifier.
    #[doc(hidden)]
    const TRIGGER: &'static str;

    /// What writes the payload: the struct's own `Serialize`. A method for it would cost a build several times as much.
    #[doc(hidden)]
    type Body: SerializePayload<Self> + ?Sized;

    /// The trigger identifier of this value.
    #[doc(hidden)]
    fn trigger_of_workflow(&self) -> TriggerId {
        TriggerId::from_static(Self::TRIGGER)
    }

    /// Enters what the template of the transaction id names. Without a template, nothing.
    #[doc(hidden)]
    fn transaction_id_of_template(&self, _: &mut TransactionIdPieces) {}

    /// The names that are meant, although they mean something to the server: addresses, and what it hides in templates.
    #[doc(hidden)]
    fn meant_names_of_payload(&self) -> &'static [&'static str] {
        &[]
    }

    /// The actor that a field names.
    #[doc(hidden)]
    fn actor_of_field(&self) -> Option<Subscriber> {
        None
    }

    /// The tenant that a field names.
    #[doc(hidden)]
    fn tenant_of_field(&self) -> Option<Tenant> {
        None
    }
}

/// A payload that has its recipients in a field marked `#[teleflow(to)]`.
///
/// ```
/// fn names_its_recipient(_: &impl teleflow::derive::SelfAddressed) {}
///
/// #[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
/// #[teleflow(trigger = "welcome")]
/// struct Welcome {
///     #[teleflow(to)]
///     user: String,
/// }
///
/// names_its_recipient(&Welcome { user: "ada".into() });
/// ```
#[diagnostic::on_unimplemented(
    message = "this `{Self}` has no recipient yet",
    label = "call `.to(..)` or `.broadcast()` first",
    note = "or mark the field that holds the recipient with `#[teleflow(to)]`"
)]
pub trait SelfAddressed {
    /// The recipients.
    #[doc(hidden)]
    fn recipients_of_field(&self) -> Recipients;
}

/// Where a payload is written.
#[doc(hidden)]
pub struct PayloadBuffer<'a> {
    out: &'a mut Vec<u8>,
    /// The names for which an address is meant.
    meant: &'static [&'static str],
}

impl PayloadBuffer<'_> {
    /// Writes a value that is a JSON object.
    pub(crate) fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        json::write(value, Role::Payload(self.meant), self.out).map_err(WriteFault)
    }
}

impl fmt::Debug for PayloadBuffer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayloadBuffer")
    }
}

/// Why a payload could not be written.
#[doc(hidden)]
#[derive(Debug)]
pub struct WriteFault(Fault);

/// Of one type for all payloads, so that errors of the compiler do not name it with parameters.
pub(crate) type Written = Result<(), WriteFault>;

/// Writes a payload through a reference.
#[doc(hidden)]
#[derive(Debug)]
pub struct Referenced<W: ?Sized>(PhantomData<W>);

#[diagnostic::do_not_recommend]
impl<W: Payload + ?Sized> SerializePayload<&W> for Referenced<W> {
    fn write_payload(payload: &&W, out: &mut PayloadBuffer<'_>) -> Written {
        W::Body::write_payload(payload, out)
    }
}

/// The body of a struct that does not compile, so that its missing `Serialize` is not an error as well.
#[doc(hidden)]
#[derive(Debug)]
pub enum Unwritten {}

#[diagnostic::do_not_recommend]
impl<P: ?Sized> SerializePayload<P> for Unwritten {
    fn write_payload(_: &P, _: &mut PayloadBuffer<'_>) -> Written {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<W: Payload + ?Sized> Payload for &W {
    const TRIGGER: &'static str = W::TRIGGER;
    type Body = Referenced<W>;

    fn trigger_of_workflow(&self) -> TriggerId {
        W::trigger_of_workflow(self)
    }

    fn transaction_id_of_template(&self, pieces: &mut TransactionIdPieces) {
        W::transaction_id_of_template(self, pieces);
    }

    fn meant_names_of_payload(&self) -> &'static [&'static str] {
        W::meant_names_of_payload(self)
    }

    fn actor_of_field(&self) -> Option<Subscriber> {
        W::actor_of_field(self)
    }

    fn tenant_of_field(&self) -> Option<Tenant> {
        W::tenant_of_field(self)
    }
}

#[diagnostic::do_not_recommend]
impl<W: SelfAddressed + ?Sized> SelfAddressed for &W {
    fn recipients_of_field(&self) -> Recipients {
        W::recipients_of_field(self)
    }
}

/// What an event and a broadcast have beside payload and recipients.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) actor: Option<Subscriber>,
    pub(crate) tenant: Option<Tenant>,
    pub(crate) overrides: Option<Overrides>,
    pub(crate) transaction_id: Option<TransactionId>,
}

impl Options {
    /// What the payload's own fields say.
    pub(crate) fn of(payload: &impl Payload) -> Self {
        Self { actor: payload.actor_of_field(), tenant: payload.tenant_of_field(), ..Self::default() }
    }

    fn fault(&self) -> Option<String> {
        let actor = || Some(format!("the actor {}", self.actor.as_ref()?.fault()?));
        let tenant = || self.tenant.as_ref()?.fault();
        let overrides = || self.overrides.as_ref()?.fault();
        actor().or_else(tenant).or_else(overrides)
    }
}

/// Recipients of an event; [`None`] of a broadcast.
pub(crate) type Nobody = Option<Given<()>>;

/// Writes one event at the end of `out`: its id, and what was refused. After a refusal `out` is as it was.
pub(crate) fn write_event<W: Payload, R>(
    trigger: &TriggerId,
    payload: &W,
    recipients: Option<Given<R>>,
    options: Options,
    out: &mut Vec<u8>,
) -> (TransactionId, Result<(), String>) {
    let start = out.len();
    let mut template = None;
    if options.transaction_id.is_none() {
        let mut pieces = TransactionIdPieces::new();
        payload.transaction_id_of_template(&mut pieces);
        template = pieces.is_used().then_some(pieces);
    }

    let mut fault = trigger.fault().map(String::from);
    out.extend_from_slice(b"{\"name\":");
    json::write_text(trigger.as_str(), out);
    let mut identities = Vec::new();
    if let Some(recipients) = recipients {
        out.extend_from_slice(b",\"to\":");
        let wanted = template.is_some().then_some(&mut identities);
        fault = fault.or(write_recipients(recipients, wanted, out));
    }
    out.extend_from_slice(b",\"payload\":");
    let mut buffer = PayloadBuffer { out, meant: payload.meant_names_of_payload() };
    let written = W::Body::write_payload(payload, &mut buffer).map_err(|WriteFault(fault)| fault.of("payload")).err();
    fault = fault.or(written).or_else(|| options.fault());
    write_part("overrides", options.overrides.as_ref(), out);
    write_part("actor", options.actor.as_ref(), out);
    write_part("tenant", options.tenant.as_ref(), out);

    let id = match (options.transaction_id, template) {
        (Some(id), _) => id,
        (None, Some(pieces)) => {
            fault = fault.or_else(|| pieces.fault().map(String::from));
            pieces.finish(trigger, options.tenant.as_ref().map(Tenant::identifier), &mut identities)
        }
        (None, None) => TransactionId::random(),
    };
    fault = fault.or_else(|| id.fault().map(String::from));
    out.extend_from_slice(b",\"transactionId\":");
    json::write_text(id.as_str(), out);
    out.push(b'}');
    match fault {
        Some(fault) => {
            out.truncate(start);
            (id, Err(fault))
        }
        None => (id, Ok(())),
    }
}

/// Writes `to`: one recipient as it is, a list as a list. Notes who they are where that is wanted.
fn write_recipients<R>(
    recipients: Given<R>,
    mut identities: Option<&mut Vec<String>>,
    out: &mut Vec<u8>,
) -> Option<String> {
    let mut fault = None;
    let mut count = 0_usize;
    let is_list = recipients.is_list();
    if is_list {
        out.push(b'[');
    }
    recipients.visit(&mut |recipient: RecipientRef<'_>| {
        if count > 0 {
            out.push(b',');
        }
        count += 1;
        if let Some(what) = recipient.fault()
            && fault.is_none()
        {
            fault = Some(format!("recipient {count} {what}"));
        }
        if let Some(identities) = identities.as_deref_mut() {
            identities.push(recipient.identity());
        }
        write_known(&recipient, out);
    });
    if is_list {
        out.push(b']');
    }
    if count == 0 {
        return Some(String::from("the list of recipients is empty; the server would notify nobody and say nothing"));
    }
    fault
}

fn write_part<T: Serialize>(name: &str, part: Option<&T>, out: &mut Vec<u8>) {
    if let Some(part) = part {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        write_known(part, out);
    }
}

/// Writes what this crate's own types hold. It fails only over a fault that `fault()` reports.
fn write_known<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}
