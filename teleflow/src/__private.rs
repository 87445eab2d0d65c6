//! The items that generated code uses. They are not part of the public interface and change without notice.
//!
//! Items that compiler errors name are in [`derive`](crate::derive), and are only re-exported from this module.

pub use crate::derive::{
    ActorField, ActorSettled, HasRecipientField, RecipientField, Serialize, TemplateField, TenantField, TenantSettled,
    WorkflowPayload,
};
pub use crate::event_body::IdSource;
pub use crate::id::TransactionIdPieces;
pub use crate::json::SensitiveFields;
pub use crate::payload_type::{
    ElementStep, FieldAt, FieldInfo, FieldStep, Identity, Nullable, Shape, TeleflowPayload, TypeAt, Unknown, Variant,
    VariantOf,
};
pub use crate::recipient::Subscriber;
pub use crate::tenant::Tenant;
pub use crate::typestate::{Needed, Settled};
pub use crate::workflow::TeleflowWorkflow;
pub use crate::workflow_payload::NoBody;
use std::marker::PhantomData;
pub use teleflow_catalog::rules::flattened::Flattening;
use teleflow_catalog::rules::{ConstString, TypeCheck, TypeCheckRow, compat, flattened};
pub use teleflow_catalog::rules::{TypeInfo, WorkflowRef, has_field, index_of};

/// Fails the build unless the types pass all checks.
#[track_caller]
pub const fn assert_compatible(workflow: &WorkflowRef<'_>, checks: &[TypeCheckRow<'_>], types: &[TypeInfo<'_>]) {
    fail_build(compat::check_all(workflow, checks, types));
}

/// Fails the build unless one of the types has the field that `check` requires.
#[track_caller]
pub const fn assert_flattened_compatible(
    workflow: &WorkflowRef<'_>,
    check: TypeCheckRow<'_>,
    type_name: &str,
    if_optional: &str,
    types: &[TypeInfo<'_>],
) {
    match TypeCheck::from_row(check).rule.requirement() {
        Some(requirement) => {
            fail_build(compat::check_flattened(requirement, workflow, type_name, if_optional, types));
        }
        None => fail_build(Some(
            ConstString::new().add("the derive generated a check without a requirement; this is a bug"),
        )),
    }
}

/// The type information of a field with `#[teleflow(kind = "…")]`.
#[must_use]
pub const fn type_of_shape(shape: Shape, optional: bool) -> TypeInfo<'static> {
    TypeInfo { shape, optional, type_name: "", fields: &[], values: &[] }
}

/// Finds out whether a type may be `null`, even if it does not implement [`TeleflowPayload`].
///
/// `Probe::<T>::IS_OPTION` and `Probe::<T>::IS_NULLABLE` are inherent constants if `T` matches the `impl` below. Otherwise
/// they are `false`, from the traits [`IsOptionFallback`] and [`IsNullableFallback`]: an inherent constant takes precedence
/// over the constant of a trait.
#[derive(Debug, Clone, Copy)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// Provides `Probe::<T>::IS_OPTION` for a type that is not an [`Option`].
pub trait IsOptionFallback {
    /// `false`.
    const IS_OPTION: bool = false;
}

impl<T: ?Sized> IsOptionFallback for Probe<T> {}

macro_rules! options {
    ($($type:ty),*) => {$(
        impl<T> Probe<$type> {
            /// `true`.
            pub const IS_OPTION: bool = true;
        }
    )*};
}

options!(Option<T>, Box<Option<T>>, &Option<T>, &mut Option<T>);

/// Provides `Probe::<T>::IS_NULLABLE` for a type that does not implement [`TeleflowPayload`].
pub trait IsNullableFallback {
    /// `false`.
    const IS_NULLABLE: bool = false;
}

impl<T: ?Sized> IsNullableFallback for Probe<T> {}

impl<T: TeleflowPayload + ?Sized> Probe<T> {
    /// Whether values of the type may be serialized as `null`.
    pub const IS_NULLABLE: bool = T::OPTIONAL || matches!(T::SHAPE, Shape::Null);
}

/// Fails the build unless the fields of the flattened type with this index can be added to the struct's.
#[track_caller]
pub const fn assert_flattened_names(flattening: &Flattening<'_>, index: usize) {
    fail_build(flattened::check_names(flattening, index));
}

/// Panics with an error of the check. In a constant, a panic is a compile error at the caller's span.
#[track_caller]
#[expect(clippy::panic, reason = "it is only called while constants are evaluated")]
const fn fail_build(error: Option<ConstString>) {
    if let Some(text) = error {
        panic!("{}", text.as_str());
    }
}

/// The types for the words of `#[teleflow(kind = "…")]`.
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
    /// `array`, with the type of its elements
    pub type ArrayOf<T> = Vec<T>;
    /// `null`, for which there is no `kind`
    pub type Null = ();
    /// `object`
    pub type Object = MapOf<Unknown>;
}
