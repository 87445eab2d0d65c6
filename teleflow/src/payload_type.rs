//! How serde writes a type: what the types of a payload's fields tell the compiler, so that it can hold them against
//! the workflow.

mod pointers;
mod lists;
mod scalars;
mod times;
mod json;
mod ids;
mod enums;

use std::marker::PhantomData;

use teleflow_catalog::rules::TypeInfo;
pub use teleflow_catalog::rules::{FieldInfo, Shape};

/// Types that are always written in one form and have nothing inside.
macro_rules! serialized_as {
    ($shape:ident: $($type:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl $crate::payload_type::TeleflowPayload for $type {
            const SHAPE: $crate::payload_type::Shape = $crate::payload_type::Shape::$shape;
            type Element = $crate::payload_type::Unknown;
            type Object = $crate::payload_type::Unknown;
        }
    )*};
}

/// A type that is written as an object: its names, each with its index, its presence, and the type of what it holds.
macro_rules! object {
    ($type:ty, $name:literal { $($index:literal $presence:ident $field:literal: $held:ty),* ; $end:literal }) => {
        #[diagnostic::do_not_recommend]
        impl $crate::payload_type::TeleflowPayload for $type {
            const SHAPE: $crate::payload_type::Shape = $crate::payload_type::Shape::Object;
            const NAME: &'static str = $name;
            const FIELDS: &'static [$crate::payload_type::FieldInfo<'static>] = &[$(
                $crate::payload_type::FieldInfo::$presence(
                    $field,
                    <$held as $crate::payload_type::TeleflowPayload>::SHAPE,
                    <$held as $crate::payload_type::TeleflowPayload>::OPTIONAL,
                )
            ),*];
            type Element = $crate::payload_type::Unknown;
            type Object = Self;
        }

        $(
            #[diagnostic::do_not_recommend]
            impl $crate::payload_type::FieldAt<$index> for $type {
                type Type = $held;
            }
        )*

        #[diagnostic::do_not_recommend]
        impl $crate::payload_type::FieldAt<$end> for $type {
            type Type = $crate::payload_type::Unknown;
        }
    };
}

pub(crate) use {object, serialized_as};

/// A type that can stand in a payload, and says how serde writes it.
///
/// Implemented for common types of the standard library, for those of this crate, behind features for those of other
/// crates, and by `#[derive(TeleflowPayload)]`, which is the only way to it for a type of one's own: its items are not
/// part of the public interface. Where no catalog is at hand, nothing asks for it.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use serde::Serialize;
/// use teleflow::TeleflowPayload;
///
/// #[derive(Serialize, TeleflowPayload)]
/// struct Line<'a> {
///     sku: &'a str,
///     #[serde(skip_serializing_if = "Option::is_none")]
///     note: Option<String>,
/// }
///
/// fn stands_in_a_payload<T: TeleflowPayload>() {}
///
/// stands_in_a_payload::<BTreeMap<String, Vec<Line>>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `TeleflowPayload`, so it cannot be checked against the workflow",
    label = "derive `teleflow::TeleflowPayload` for `{Self}`; or, if it is of another crate, say how it is serialized with `#[teleflow(kind = \"…\")]`"
)]
pub trait TeleflowPayload {
    /// The form of every value, but for `null`.
    #[doc(hidden)]
    const SHAPE: Shape;
    /// A value may be `null`.
    #[doc(hidden)]
    const OPTIONAL: bool = false;
    /// The type's name.
    #[doc(hidden)]
    const NAME: &'static str = "";
    /// Of an object: the names in it, in the order of [`FieldAt`].
    #[doc(hidden)]
    const FIELDS: &'static [FieldInfo<'static>] = &[];
    /// Of an enum that is written as one of a few strings: these.
    #[doc(hidden)]
    const VALUES: &'static [&'static str] = &[];
    /// All of it.
    #[doc(hidden)]
    const TYPE_INFO: TypeInfo<'static> = TypeInfo {
        shape: Self::SHAPE,
        optional: Self::OPTIONAL,
        type_name: Self::NAME,
        fields: Self::FIELDS,
        values: Self::VALUES,
    };
    /// Of a list: the type of its elements.
    #[doc(hidden)]
    type Element: ?Sized;
    /// Of an object: what has the types of its fields.
    #[doc(hidden)]
    type Object: ?Sized;
}

/// The type of an object's field: that of the name with this index, and [`Unknown`] for the index after the last.
///
/// The fields of an enum's variants have a `VARIANT` for each variant.
#[doc(hidden)]
pub trait FieldAt<const INDEX: usize, const VARIANT: usize = 0> {
    /// The field's type.
    type Type: ?Sized;
}

/// The fields of a variant of an enum.
#[doc(hidden)]
pub trait Variant<const VARIANT: usize> {
    /// An [`Object`](Shape::Object) or a [`Map`](Shape::Map).
    const SHAPE: Shape;
    /// The name of the variant.
    const NAME: &'static str;
    /// The names in it.
    const FIELDS: &'static [FieldInfo<'static>];
}

/// What is inside a variant of the enum `E`, as a type.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct VariantOf<E: ?Sized, const VARIANT: usize>(PhantomData<E>);

#[diagnostic::do_not_recommend]
impl<E: Variant<VARIANT> + ?Sized, const VARIANT: usize> TeleflowPayload for VariantOf<E, VARIANT> {
    const SHAPE: Shape = E::SHAPE;
    const NAME: &'static str = E::NAME;
    const FIELDS: &'static [FieldInfo<'static>] = E::FIELDS;
    type Element = Unknown;
    type Object = Self;
}

#[diagnostic::do_not_recommend]
impl<E, const INDEX: usize, const VARIANT: usize> FieldAt<INDEX> for VariantOf<E, VARIANT>
where
    E: FieldAt<INDEX, VARIANT> + ?Sized,
{
    type Type = <E as FieldAt<INDEX, VARIANT>>::Type;
}

/// A type is itself. An interface can name `<T as Identity>::Type` through a parameter, also where `T` is private.
#[doc(hidden)]
pub trait Identity {
    /// The type.
    type Type: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Identity for T {
    type Type = T;
}

/// What a way leads to that begins at this type: `((), ElementStep)`, `(((), ElementStep), FieldStep<2>)`.
///
/// A type that is private where the way is followed is not named there.
#[doc(hidden)]
pub trait TypeAt<Path> {
    /// The type there.
    type Type: TeleflowPayload + ?Sized;
    /// All that it says.
    const TYPE_INFO: TypeInfo<'static> = <Self::Type as TeleflowPayload>::TYPE_INFO;
}

/// A step to the elements of a list.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum ElementStep {}

/// A step to the field with this index.
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

/// What is written as `T` is, and is `null` where `OPTIONAL` says so.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Nullable<T: ?Sized, const OPTIONAL: bool>(PhantomData<T>);

#[diagnostic::do_not_recommend]
impl<T: TeleflowPayload + ?Sized, const OPTIONAL: bool> TeleflowPayload for Nullable<T, OPTIONAL> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = OPTIONAL;
    type Element = T::Element;
    type Object = T::Object;
}

/// A type of which nothing is known.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Unknown {}

#[diagnostic::do_not_recommend]
impl TeleflowPayload for Unknown {
    const SHAPE: Shape = Shape::Unknown;
    type Element = Unknown;
    type Object = Unknown;
}

#[diagnostic::do_not_recommend]
impl<const INDEX: usize> FieldAt<INDEX> for Unknown {
    type Type = Unknown;
}

/// An object whose names are not known, and what stands under each of them.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct MapOf<V: ?Sized>(PhantomData<V>);

#[diagnostic::do_not_recommend]
impl<V: ?Sized> TeleflowPayload for MapOf<V> {
    const SHAPE: Shape = Shape::Map;
    // `{{#each}}` goes through the values of an object, too.
    type Element = V;
    type Object = Self;
}

#[diagnostic::do_not_recommend]
impl<const INDEX: usize, V: ?Sized> FieldAt<INDEX> for MapOf<V> {
    type Type = V;
}
