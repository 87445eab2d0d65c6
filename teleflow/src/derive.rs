//! The traits that `#[derive(TeleflowWorkflow)]` implements and requires. Compiler errors name them.
//!
//! | trait | implemented by |
//! | --- | --- |
//! | [`WorkflowPayload`] | a struct that derives `TeleflowWorkflow` |
//! | [`HasRecipientField`] | such a struct with a field marked `#[teleflow(to)]` |
//! | [`SerializePayload`], [`Serialize`] | every payload |
//! | [`RecipientField`], [`ActorField`], [`TenantField`] | the types of marked fields |
//! | [`TemplateField`] | the types of fields in a `transaction_id` template |
//! | [`ActorSettled`], [`TenantSettled`] | the states in which an event can be sent |
//!
//! Do not implement them yourself: their methods are not part of the public interface.

// The generated code calls methods of these traits, not functions with bounds. So the compiler shows the message of the
// trait at the struct or the field if a bound is not met.

use std::borrow::Cow;
use std::fmt::Display;

use crate::id::SubscriberId;
pub use crate::recipient::RecipientField;
use crate::recipient::Subscriber;
use crate::tenant::Tenant;
pub use crate::typestate::{ActorSettled, TenantSettled};
use crate::typestate::{Needed, Settled};
pub use crate::workflow_payload::{HasRecipientField, SerializePayload, WorkflowPayload};
pub use serde::Serialize;

/// The type of a field marked `#[teleflow(actor)]`.
///
/// ```
/// fn is_an_actor(_: &impl teleflow::derive::ActorField) {}
///
/// is_an_actor(&Some("merchant-7"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be the actor",
    label = "expected a subscriber id (`String`, `SubscriberId`), a `Subscriber`, or an `Option` of one"
)]
pub trait ActorField {
    /// [`Needed`] if the field is optional, and [`Settled`] otherwise.
    #[doc(hidden)]
    type State;
    /// The field's actor.
    #[doc(hidden)]
    fn actor_of_field(&self) -> Option<Subscriber>;
}

/// The type of a field marked `#[teleflow(tenant)]`.
///
/// ```
/// fn is_a_tenant(_: &impl teleflow::derive::TenantField) {}
///
/// is_a_tenant(&teleflow::Tenant::new("hats"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be the tenant",
    label = "expected an identifier (`String`), a `Tenant`, or an `Option` of one"
)]
pub trait TenantField {
    /// [`Needed`] if the field is optional, and [`Settled`] otherwise.
    #[doc(hidden)]
    type State;
    /// The field's tenant.
    #[doc(hidden)]
    fn tenant_of_field(&self) -> Option<Tenant>;
}

macro_rules! fields {
    ($trait:ident::$method:ident -> $made:ident: $($type:ty),* $(,)?) => {
        $(
            #[diagnostic::do_not_recommend]
            impl $trait for $type {
                type State = Settled;
                fn $method(&self) -> Option<$made> {
                    Some($made::from(self.clone()))
                }
            }
        )*

        #[diagnostic::do_not_recommend]
        impl<T: $trait> $trait for Option<T> {
            type State = Needed;
            fn $method(&self) -> Option<$made> {
                self.as_ref()?.$method()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: $trait> $trait for &T {
            type State = T::State;
            fn $method(&self) -> Option<$made> {
                T::$method(self)
            }
        }
    };
}

fields!(ActorField::actor_of_field -> Subscriber: &str, String, Cow<'_, str>, SubscriberId, Subscriber);
fields!(TenantField::tenant_of_field -> Tenant: &str, String, Cow<'_, str>, Tenant);

/// The type of a field in a `transaction_id` template: any type that implements `Display`.
///
/// ```
/// fn is_part_of_an_id(_: &impl teleflow::derive::TemplateField) {}
///
/// is_part_of_an_id(&7);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `Display`, so it cannot be part of a transaction id",
    label = "name a field that implements `Display`, such as a string or a number"
)]
pub trait TemplateField {
    /// The field as `Display`.
    #[doc(hidden)]
    fn as_display(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<T: Display> TemplateField for T {
    fn as_display(&self) -> &dyn Display {
        self
    }
}
