//! What generated code names. Nothing here is part of the public interface; it changes without notice.

pub use crate::derive::{
    ActorField, ActorSettled, Payload, RecipientField, SelfAddressed, TemplateField, TenantField, TenantSettled,
};
pub use crate::id::TransactionIdPieces;
pub use crate::payload::Unwritten;
pub use crate::payload_type::{
    Elements, Field, FieldAt, FieldInfo, Inside, Itself, Nullable, Part, PartOf, Shape, TeleflowPayload, Unknown,
};
pub use crate::recipient::{Recipients, Subscriber};
pub use crate::tenant::Tenant;
pub use crate::typestate::{Needed, Settled};
pub use crate::workflow::TeleflowWorkflow;
pub use serde::Serialize;
use std::marker::PhantomData;
pub use teleflow_catalog::rules::flattened::Flattening;
use teleflow_catalog::rules::{ConstString, TypeCheck, TypeCheckRow, compat, flattened};
pub use teleflow_catalog::rules::{TypeInfo, WorkflowRef, has_field, index_of};

/// Stops the build unless the types pass all checks.
#[track_caller]
pub const fn assert_compatible(workflow: &WorkflowRef<'_>, checks: &[TypeCheckRow<'_>], types: &[TypeInfo<'_>]) {
    refuse(compat::check_all(workflow, checks, types));
}

/// Stops the build unless one of the types has the field that `check` requires.
#[track_caller]
pub const fn assert_flattened_compatible(
    workflow: &WorkflowRef<'_>,
    check: TypeCheckRow<'_>,
    type_name: &str,
    if_optional: &str,
    types: &[TypeInfo<'_>],
) {
    if let Some(requirement) = TypeCheck::from_row(check).rule.requirement() {
        refuse(compat::check_flattened(requirement, workflow, type_name, if_optional, types));
    }
}

/// A type whose form the author says.
#[must_use]
pub const fn type_of_shape(shape: Shape, optional: bool) -> TypeInfo<'static> {
    TypeInfo { shape, optional, type_name: "", fields: &[], values: &[] }
}

/// Says of a type whether it may be `null`, also where the type does not implement [`TeleflowPayload`].
///
/// `Probe::<T>::IS_OPTION` is the constant of the `impl` for [`Option`], where `T` is one, and else that of the trait
/// [`NoOption`], since an inherent constant comes first.
#[derive(Debug, Clone, Copy)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// What holds where `T` is not an [`Option`].
pub trait NoOption {
    /// It is not an [`Option`].
    const IS_OPTION: bool = false;
}

impl<T: ?Sized> NoOption for Probe<T> {}

macro_rules! options {
    ($($type:ty),*) => {$(
        impl<T> Probe<$type> {
            /// It is an [`Option`].
            pub const IS_OPTION: bool = true;
        }
    )*};
}

options!(Option<T>, Box<Option<T>>, &Option<T>, &mut Option<T>);

/// What holds where `T` does not say how it is written.
pub trait SaysNothing {
    /// Nothing says that it may be `null`.
    const SAYS_NULL: bool = false;
}

impl<T: ?Sized> SaysNothing for Probe<T> {}

impl<T: TeleflowPayload + ?Sized> Probe<T> {
    /// The type says that it may be `null`.
    pub const SAYS_NULL: bool = T::OPTIONAL || matches!(T::SHAPE, Shape::Null);
}

/// Stops the build unless the fields of the flattened type with this index can be added to the struct's.
#[track_caller]
pub const fn assert_flattened_names(flattening: &Flattening<'_>, index: usize) {
    refuse(flattened::check_names(flattening, index));
}

/// While a constant is evaluated, a panic is an error of the compiler, at the workflow of the call.
#[track_caller]
#[expect(clippy::panic, reason = "it is called while constants are evaluated, and only then")]
const fn refuse(complaint: Option<ConstString>) {
    if let Some(text) = complaint {
        panic!("{}", text.as_str());
    }
}

/// What the words of `#[teleflow(kind = "…")]` stand for, as types.
pub mod kind {
    use crate::payload_type::MapOf;
    pub use crate::payload_type::Unknown;

    /// `string`
    pub type String = &'static str;
    /// `number`
    pub type Number = f64;
    /// `integer`
    pub type Integer = i64;
    /// `boolean`
    pub type Boolean = bool;
    /// `date`
    pub type Date = crate::deliver_at::DeliverAt;
    /// `array`
    pub type Array = Vec<Unknown>;
    /// `array`, with what is in it
    pub type ArrayOf<T> = Vec<T>;
    /// No `kind`: the value is always `null`
    pub type Null = ();
    /// `object`
    pub type Object = MapOf<Unknown>;
}
