//! What generated code names. Nothing here is part of the public interface; it changes without notice.
//!
//! It calls methods of traits, not functions with bounds: of an unmet bound the compiler then shows our text, at
//! the struct or the field, and not the function that has it.

use std::borrow::Cow;
use std::fmt::Display;

pub use crate::form::{FieldAt, Form, Name, TeleflowPayload, Unknown};
pub use crate::id::{SubscriberId, TransactionIdPieces};
pub use crate::payload::{Payload, PayloadBuffer, SelfAddressed, Written};
pub use crate::recipient::{Recipient, Recipients, Subscriber, Topic};
pub use crate::state::{ActorSettled, Needed, Settled, TenantSettled};
pub use crate::tenant::Tenant;
pub use serde::Serialize;
pub use std::string::String;
pub use teleflow_catalog::flattened::Flattening;
pub use teleflow_catalog::{Kind, Node, Place, Shape, index_of, knows};
use teleflow_catalog::{Text, flattened, judge};

use crate::recipient::IntoRecipients;

/// A value that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `serde::Serialize`, so it cannot be a payload",
    label = "add `#[derive(serde::Serialize)]` to this struct"
)]
pub trait SerializePayload {
    /// Writes the payload.
    fn write(&self, out: &mut PayloadBuffer<'_>) -> Written;
}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize> SerializePayload for T {
    fn write(&self, out: &mut PayloadBuffer<'_>) -> Written {
        out.write(self)
    }
}

/// The type of a field marked `#[teleflow(to)]`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot name the recipients",
    label = "expected a subscriber id (`String`, `SubscriberId`), a `Subscriber`, a `Topic`, `Recipients`, or a `Vec` of them"
)]
pub trait RecipientField {
    /// The recipients that the field names.
    fn recipients(&self) -> Recipients;
}

#[diagnostic::do_not_recommend]
impl<T> RecipientField for T
where
    for<'a> &'a T: IntoRecipients,
{
    fn recipients(&self) -> Recipients {
        self.into_recipients()
    }
}

/// The type of a field marked `#[teleflow(actor)]`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot name the actor",
    label = "expected a subscriber id (`String`, `SubscriberId`), a `Subscriber`, or an `Option` of one"
)]
pub trait ActorField {
    /// The actor that the field names.
    fn actor(&self) -> Option<Subscriber>;
}

/// The type of a field marked `#[teleflow(tenant)]`.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot name the tenant",
    label = "expected an identifier (`String`), a `Tenant`, or an `Option` of one"
)]
pub trait TenantField {
    /// The tenant that the field names.
    fn tenant(&self) -> Option<Tenant>;
}

macro_rules! fields {
    ($trait:ident::$method:ident -> $made:ident: $($type:ty),* $(,)?) => {
        $(
            #[diagnostic::do_not_recommend]
            impl $trait for $type {
                fn $method(&self) -> Option<$made> {
                    Some($made::from(self.clone()))
                }
            }
        )*

        #[diagnostic::do_not_recommend]
        impl<T: $trait> $trait for Option<T> {
            fn $method(&self) -> Option<$made> {
                self.as_ref()?.$method()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $trait> $trait for &T {
            fn $method(&self) -> Option<$made> {
                T::$method(self)
            }
        }
    };
}

fields!(ActorField::actor -> Subscriber: &str, String, Cow<'_, str>, SubscriberId, Subscriber);
fields!(TenantField::tenant -> Tenant: &str, String, Cow<'_, str>, Tenant);

/// The type of a field that a template of transaction ids names.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot stand in a template of transaction ids, since it has no `Display`",
    label = "name a field that can be displayed, such as a text or a number"
)]
pub trait TemplateField {
    /// The field, to be displayed.
    fn displayed(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<T: Display> TemplateField for T {
    fn displayed(&self) -> &dyn Display {
        self
    }
}

/// Stops the build over the first type on a walk that does not fit.
#[track_caller]
pub const fn hold(place: &Place<'_>, nodes: &[Node<'_>], shapes: &[Shape<'_>]) {
    refuse(judge::walk(place, nodes, shapes));
}

/// Stops the build over a variable that stands in none of these types.
#[track_caller]
pub const fn among(place: &Place<'_>, node: Node<'_>, holder: &str, types: &[Shape<'_>]) {
    refuse(judge::among(&node.want, place, holder, types));
}

/// Stops the build over a name that the flattened type with this number brings among the others.
#[track_caller]
pub const fn check_flattened(flattening: &Flattening<'_>, number: usize) {
    refuse(flattened::flattened(flattening, number));
}

/// While a constant is evaluated, a panic is an error of the compiler, at the place of the call.
#[track_caller]
#[expect(clippy::panic, reason = "it is called while constants are evaluated, and only then")]
const fn refuse(complaint: Option<Text>) {
    if let Some(text) = complaint {
        panic!("{}", text.as_str());
    }
}

/// What the words of `#[teleflow(kind = "…")]` stand for, as types.
pub mod kind {
    use crate::form::{Unknown, Values};

    /// `string`
    pub type Text = &'static str;
    /// `number`
    pub type Number = f64;
    /// `boolean`
    pub type Boolean = bool;
    /// `date`
    pub type Moment = crate::deliver_at::DeliverAt;
    /// `array`
    pub type List = Vec<Unknown>;
    /// `object`
    pub type Map = Values<Unknown>;
}
