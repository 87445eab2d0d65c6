//! The traits that `#[derive(TeleflowWorkflow)]` implements for a payload. See [`crate::derive`].

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use crate::id::TransactionIdPieces;
use crate::json::{self, InvalidValue, Marks, Role, SensitiveFields};
use crate::recipient::{RecipientField, Subscriber};
use crate::tenant::Tenant;

/// A type that implements serde's `Serialize`, as every payload must.
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
    /// Appends the payload, a JSON object, to the event's body.
    #[doc(hidden)]
    fn write_payload(payload: &P, out: &mut PayloadBuffer<'_>) -> PayloadResult;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> SerializePayload for T {
    fn write_payload(payload: &T, out: &mut PayloadBuffer<'_>) -> PayloadResult {
        out.write(payload)
    }
}

/// The payload of a workflow: a struct that derives [`TeleflowWorkflow`](crate::TeleflowWorkflow), or an
/// [`Untyped`](crate::Untyped) one.
///
/// ```
/// fn is_a_payload(_: &impl teleflow::derive::WorkflowPayload) {}
///
/// #[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
/// #[teleflow(trigger = "welcome")]
/// struct Welcome {}
///
/// is_a_payload(&Welcome {});
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not derive `TeleflowWorkflow`",
    label = "derive `teleflow::TeleflowWorkflow`, or remove `trigger` if this type is only a part of payloads"
)]
pub trait WorkflowPayload {
    /// The trigger identifier, which the macro has checked.
    #[doc(hidden)]
    const TRIGGER: &'static str;

    /// The type whose `Serialize` writes the payload: for a derived struct, `Self`.
    ///
    /// An associated type takes much less time to compile than a method.
    #[doc(hidden)]
    type Body: SerializePayload<Self> + ?Sized;

    /// Adds the pieces of the transaction id's template, if there is one.
    #[doc(hidden)]
    fn transaction_id_of_template(&self, _: &mut TransactionIdPieces) {}

    /// The address variables and reserved variables that the payload may have at its top level.
    #[doc(hidden)]
    fn allowed_names_of_payload(&self) -> &'static [&'static str] {
        &[]
    }

    /// The fields marked `#[teleflow(sensitive)]`.
    #[doc(hidden)]
    fn sensitive_fields_of_payload(&self) -> SensitiveFields {
        SensitiveFields::Only(&[])
    }

    /// The actor of the field marked `#[teleflow(actor)]`.
    #[doc(hidden)]
    fn actor_of_field(&self) -> Option<Subscriber> {
        None
    }

    /// The tenant of the field marked `#[teleflow(tenant)]`.
    #[doc(hidden)]
    fn tenant_of_field(&self) -> Option<Tenant> {
        None
    }
}

/// A payload with a field marked `#[teleflow(to)]`, which names its recipients.
///
/// ```
/// fn has_its_recipient(_: &impl teleflow::derive::HasRecipientField) {}
///
/// #[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
/// #[teleflow(trigger = "welcome")]
/// struct Welcome {
///     #[teleflow(to)]
///     user: String,
/// }
///
/// has_its_recipient(&Welcome { user: "ada".into() });
/// ```
#[diagnostic::on_unimplemented(
    message = "this `{Self}` has no recipient yet",
    label = "call `.to(..)` or `.broadcast()` first",
    note = "or mark the field that names the recipient with `#[teleflow(to)]`"
)]
pub trait HasRecipientField {
    /// The recipients of the field marked `#[teleflow(to)]`.
    #[doc(hidden)]
    fn recipients_of_field(&self) -> &dyn RecipientField;
}

/// The body to which a payload is appended.
#[doc(hidden)]
pub struct PayloadBuffer<'a> {
    out: &'a mut Vec<u8>,
    /// See [`WorkflowPayload::allowed_names_of_payload`].
    allowed_names: &'static [&'static str],
    /// The values that the payload marks as sensitive.
    marks: Marks,
}

impl<'a> PayloadBuffer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>, allowed_names: &'static [&'static str]) -> Self {
        Self { out, allowed_names, marks: Marks::default() }
    }

    pub(crate) fn into_marks(self) -> Marks {
        self.marks
    }

    /// Appends a value that serializes to a JSON object.
    pub(crate) fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> PayloadResult {
        self.marks = json::write_object(value, Role::Payload(self.allowed_names), self.out).map_err(InvalidPayload)?;
        Ok(())
    }
}

impl fmt::Debug for PayloadBuffer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayloadBuffer")
    }
}

/// Why a payload is rejected.
#[doc(hidden)]
#[derive(Debug)]
pub struct InvalidPayload(pub(crate) InvalidValue);

pub(crate) type PayloadResult = Result<(), InvalidPayload>;

/// The [`Body`](WorkflowPayload::Body) of a reference to a payload.
#[doc(hidden)]
#[derive(Debug)]
pub struct BodyOfReference<W: ?Sized>(PhantomData<W>);

#[diagnostic::do_not_recommend]
impl<W: WorkflowPayload + ?Sized> SerializePayload<&W> for BodyOfReference<W> {
    fn write_payload(payload: &&W, out: &mut PayloadBuffer<'_>) -> PayloadResult {
        W::Body::write_payload(payload, out)
    }
}

/// The [`Body`](WorkflowPayload::Body) of a struct that has another error, so that a missing `Serialize` is not a second
/// error.
#[doc(hidden)]
#[derive(Debug)]
pub enum NoBody {}

#[diagnostic::do_not_recommend]
impl<P: ?Sized> SerializePayload<P> for NoBody {
    fn write_payload(_: &P, _: &mut PayloadBuffer<'_>) -> PayloadResult {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<W: WorkflowPayload + ?Sized> WorkflowPayload for &W {
    const TRIGGER: &'static str = W::TRIGGER;
    type Body = BodyOfReference<W>;

    fn transaction_id_of_template(&self, pieces: &mut TransactionIdPieces) {
        W::transaction_id_of_template(self, pieces);
    }

    fn allowed_names_of_payload(&self) -> &'static [&'static str] {
        W::allowed_names_of_payload(self)
    }

    fn sensitive_fields_of_payload(&self) -> SensitiveFields {
        W::sensitive_fields_of_payload(self)
    }

    fn actor_of_field(&self) -> Option<Subscriber> {
        W::actor_of_field(self)
    }

    fn tenant_of_field(&self) -> Option<Tenant> {
        W::tenant_of_field(self)
    }
}

#[diagnostic::do_not_recommend]
impl<W: HasRecipientField + ?Sized> HasRecipientField for &W {
    fn recipients_of_field(&self) -> &dyn RecipientField {
        W::recipients_of_field(self)
    }
}
