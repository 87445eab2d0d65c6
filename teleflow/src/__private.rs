//! What generated code names. Nothing here is part of the public interface; it changes without notice.

pub use crate::derive::{
    ActorField, ActorSettled, HasRecipientField, RecipientField, TemplateField, TenantField, TenantSettled,
    WorkflowPayload,
};
pub use crate::id::TransactionIdPieces;
pub use crate::payload_type::{
    ElementStep, FieldAt, FieldInfo, FieldStep, Identity, Nullable, Shape, TeleflowPayload, TypeAt, Unknown, Variant,
    VariantOf,
};
pub use crate::recipient::{Recipients, Subscriber};
pub use crate::tenant::Tenant;
pub use crate::typestate::{Needed, Settled};
pub use crate::workflow::TeleflowWorkflow;
pub use crate::workflow_payload::NoBody;
pub use serde::Serialize;
use std::marker::PhantomData;
pub use teleflow_catalog::rules::flattened::Flattening;
use teleflow_catalog::rules::{ConstString, Node, NodeRow, compat, flattened};
pub use teleflow_catalog::rules::{TypeInfo, WorkflowRef, index_of, knows};

/// Stops the build over the types on a walk that do not fit.
#[track_caller]
pub const fn assert_compatible(workflow: &WorkflowRef<'_>, nodes: &[NodeRow<'_>], types: &[TypeInfo<'_>]) {
    refuse(compat::check_all(workflow, nodes, types));
}

/// Stops the build over a variable that is in none of these types.
#[track_caller]
pub const fn assert_flattened_compatible(
    workflow: &WorkflowRef<'_>,
    node: NodeRow<'_>,
    holder: &str,
    always: &str,
    types: &[TypeInfo<'_>],
) {
    refuse(compat::check_flattened(&Node::from_row(node).requirement, workflow, holder, always, types));
}

/// A type whose form the author says.
#[must_use]
pub const fn type_of_shape(shape: Shape, optional: bool) -> TypeInfo<'static> {
    TypeInfo { shape, optional, type_name: "", fields: &[], values: &[] }
}

/// Says of a type whether it may be `null`, also where the type does not implement [`TeleflowPayload`].
///
/// `Probe::<T>::IS_OPTION` is the constant of the `impl` for [`Option`], where `T` is one, and else that of the trait
/// [`IsOptionFallback`], since an inherent constant comes first.
#[derive(Debug, Clone, Copy)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// What holds where `T` is not an [`Option`].
pub trait IsOptionFallback {
    /// It is not an [`Option`].
    const IS_OPTION: bool = false;
}

impl<T: ?Sized> IsOptionFallback for Probe<T> {}

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
pub trait IsNullableFallback {
    /// Nothing says that it may be `null`.
    const IS_NULLABLE: bool = false;
}

impl<T: ?Sized> IsNullableFallback for Probe<T> {}

impl<T: TeleflowPayload + ?Sized> Probe<T> {
    /// The type says that it may be `null`.
    pub const IS_NULLABLE: bool = T::OPTIONAL || matches!(T::SHAPE, Shape::Null);
}

/// Stops the build over a name that the flattened type with this number brings among the others.
#[track_caller]
pub const fn assert_flattened_names(flattening: &Flattening<'_>, number: usize) {
    refuse(flattened::flattened(flattening, number));
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
