//! Paths to nested types.
//!
//! The generated code checks the types of nested fields, but must not name them: they may be private where the struct
//! is. So it names them by a path of steps from the type of the struct's own field, and a path is itself a type.
//!
//! For example, the workflow reads `items[].sku`, and the struct has the field `items: Vec<Item>`. The path from `Vec<Item>`
//! to the type of `sku`, the third field of `Item`, is
//!
//! ```text
//! <Vec<Item> as TypeAt<(((), ElementStep), FieldStep<2>)>>::Type
//! ```
//!
//! where `()` is the empty path, which leads to `Vec<Item>`, and `((), ElementStep)` leads to `Item`.

use teleflow_catalog::rules::TypeInfo;

use super::{FieldAt, TeleflowPayload};

/// The type at the end of a path that starts at this type.
#[doc(hidden)]
pub trait TypeAt<Path> {
    /// The type.
    type Type: TeleflowPayload + ?Sized;
    /// Its type information.
    const TYPE_INFO: TypeInfo<'static> = <Self::Type as TeleflowPayload>::TYPE_INFO;
}

/// The step to the elements of an array.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum ElementStep {}

/// The step to the field with this index.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum FieldStep<const INDEX: usize> {}

impl<T: TeleflowPayload + ?Sized> TypeAt<()> for T {
    type Type = T;
}

impl<T: ?Sized, Path> TypeAt<(Path, ElementStep)> for T
where
    T: TypeAt<Path>,
    <T::Type as TeleflowPayload>::Element: TeleflowPayload,
{
    type Type = <T::Type as TeleflowPayload>::Element;
}

impl<T: ?Sized, Path, const INDEX: usize> TypeAt<(Path, FieldStep<INDEX>)> for T
where
    T: TypeAt<Path>,
    <T::Type as TeleflowPayload>::Object: FieldAt<INDEX>,
    <<T::Type as TeleflowPayload>::Object as FieldAt<INDEX>>::Type: TeleflowPayload,
{
    type Type = <<T::Type as TeleflowPayload>::Object as FieldAt<INDEX>>::Type;
}

/// The identity function on types: `<T as Identity>::Type` is `T`.
///
/// An `impl` must not name a private type `T` as an associated type, but may name a parameter `X` with
/// `T: Identity<Type = X>`.
#[doc(hidden)]
pub trait Identity {
    /// The type itself.
    type Type: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Identity for T {
    type Type = T;
}
