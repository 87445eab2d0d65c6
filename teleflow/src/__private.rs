//! What generated code names. Nothing here is part of the public interface; it changes without notice.

pub use crate::derive::{
    ActorField, ActorSettled, Payload, RecipientField, SelfAddressed, TemplateField, TenantField, TenantSettled,
};
pub use crate::form::{
    Elements, Field, FieldAt, Form, Inside, Itself, Name, Nullable, Part, PartOf, TeleflowPayload, Unknown,
};
pub use crate::id::TransactionIdPieces;
pub use crate::payload::Unwritten;
pub use crate::recipient::{Recipients, Subscriber};
pub use crate::state::{Needed, Settled};
pub use crate::tenant::Tenant;
pub use crate::workflow::TeleflowWorkflow;
pub use serde::Serialize;
use std::marker::PhantomData;
pub use teleflow_catalog::flattened::Flattening;
use teleflow_catalog::{Node, NodeRow, Text, flattened, judge};
pub use teleflow_catalog::{Place, Shape, index_of, knows};

/// Stops the build over the types on a walk that do not fit.
#[track_caller]
pub const fn hold(place: &Place<'_>, nodes: &[NodeRow<'_>], shapes: &[Shape<'_>]) {
    refuse(judge::walk(place, nodes, shapes));
}

/// Stops the build over a variable that is in none of these types.
#[track_caller]
pub const fn among(place: &Place<'_>, node: NodeRow<'_>, holder: &str, always: &str, types: &[Shape<'_>]) {
    refuse(judge::among(&Node::from_row(node).want, place, holder, always, types));
}

/// A type whose form the author says.
#[must_use]
pub const fn said(form: Form, optional: bool) -> Shape<'static> {
    Shape { form, optional, holder: "", names: &[], values: &[] }
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
    pub const SAYS_NULL: bool = T::OPTIONAL || matches!(T::FORM, Form::Null);
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
    pub use crate::form::Unknown;
    use crate::form::Values;

    /// `string`
    pub type Text = &'static str;
    /// `number`
    pub type Number = f64;
    /// `integer`
    pub type Integer = i64;
    /// `boolean`
    pub type Boolean = bool;
    /// `date`
    pub type Moment = crate::deliver_at::DeliverAt;
    /// `array`
    pub type List = Vec<Unknown>;
    /// `array`, with what is in it
    pub type ListOf<T> = Vec<T>;
    /// No `kind`: the value is always `null`
    pub type Null = ();
    /// `object`
    pub type Map = Values<Unknown>;
}
