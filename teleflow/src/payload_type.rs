//! [`TeleflowPayload`]: how serde serializes a type, for the check against the workflow. Its implementations are in the
//! modules below; [`path`] finds nested types.

mod foreign_types;
mod std_pointers;
mod std_collections;
mod std_scalars;
mod std_times;
mod std_enums;
mod json_values;
mod own_types;
mod path;

use std::marker::PhantomData;

use teleflow_catalog::rules::TypeInfo;
pub use teleflow_catalog::rules::{FieldInfo, Shape};

pub use path::{ElementStep, FieldStep, Identity, TypeAt};

/// Implements [`TeleflowPayload`] for types of one shape without nested types.
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

/// Implements [`TeleflowPayload`] for an object: for each field its index, presence, name and type.
macro_rules! object {
    ($type:ty, $name:literal { $($index:literal $presence:ident $field:literal: $field_type:ty),* ; $end:literal }) => {
        #[diagnostic::do_not_recommend]
        impl $crate::payload_type::TeleflowPayload for $type {
            const SHAPE: $crate::payload_type::Shape = $crate::payload_type::Shape::Object;
            const NAME: &'static str = $name;
            const FIELDS: &'static [$crate::payload_type::FieldInfo<'static>] = &[$(
                $crate::payload_type::FieldInfo::$presence(
                    $field,
                    <$field_type as $crate::payload_type::TeleflowPayload>::SHAPE,
                    <$field_type as $crate::payload_type::TeleflowPayload>::OPTIONAL,
                )
            ),*];
            type Element = $crate::payload_type::Unknown;
            type Object = Self;
        }

        $(
            #[diagnostic::do_not_recommend]
            impl $crate::payload_type::FieldAt<$index> for $type {
                type Type = $field_type;
            }
        )*

        #[diagnostic::do_not_recommend]
        impl $crate::payload_type::FieldAt<$end> for $type {
            type Type = $crate::payload_type::Unknown;
        }
    };
}

pub(crate) use {object, serialized_as};

/// A type that a payload may contain, with how serde serializes it.
///
/// It is implemented for common types of the standard library, for the types of this crate, and behind features for those
/// of other crates. Use `#[derive(TeleflowPayload)]` for your own types: the trait's items are not part of the public
/// interface. It is only required if there is a catalog.
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
/// fn is_allowed_in_a_payload<T: TeleflowPayload>() {}
///
/// is_allowed_in_a_payload::<BTreeMap<String, Vec<Line>>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `TeleflowPayload`, so it cannot be checked against the workflow",
    label = "derive `teleflow::TeleflowPayload` for `{Self}`; if it is a type of another crate, declare its shape with `#[teleflow(kind = \"…\")]`"
)]
pub trait TeleflowPayload {
    /// The shape of every value that is not `null`.
    #[doc(hidden)]
    const SHAPE: Shape;
    /// Whether a value may be `null`.
    #[doc(hidden)]
    const OPTIONAL: bool = false;
    /// The type's name, for errors.
    #[doc(hidden)]
    const NAME: &'static str = "";
    /// The fields of an object, in the order of [`FieldAt`].
    #[doc(hidden)]
    const FIELDS: &'static [FieldInfo<'static>] = &[];
    /// The strings as which an enum is serialized.
    #[doc(hidden)]
    const VALUES: &'static [&'static str] = &[];
    /// All of these constants.
    #[doc(hidden)]
    const TYPE_INFO: TypeInfo<'static> = TypeInfo {
        shape: Self::SHAPE,
        optional: Self::OPTIONAL,
        type_name: Self::NAME,
        fields: Self::FIELDS,
        values: Self::VALUES,
    };
    /// The type of the elements, for an array or a map.
    #[doc(hidden)]
    type Element: ?Sized;
    /// The type that implements [`FieldAt`], for an object.
    #[doc(hidden)]
    type Object: ?Sized;
}

/// The type of the field with this index. For the index after the last field, it is [`Unknown`].
///
/// For a field of an enum's variant, `VARIANT` is the variant's number.
#[doc(hidden)]
pub trait FieldAt<const INDEX: usize, const VARIANT: usize = 0> {
    /// The field's type.
    type Type: ?Sized;
}

/// The fields of an enum's variant.
#[doc(hidden)]
pub trait Variant<const VARIANT: usize> {
    /// An [`Object`](Shape::Object) or a [`Map`](Shape::Map).
    const SHAPE: Shape;
    /// The variant's name.
    const NAME: &'static str;
    /// The variant's fields.
    const FIELDS: &'static [FieldInfo<'static>];
}

/// The content of a variant of the enum `E`, as a type.
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

/// A type with the shape of `T`, which may be `null` if `OPTIONAL` is set.
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

/// A type of unknown shape.
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

/// An object with unknown keys and values of type `V`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct MapOf<V: ?Sized>(PhantomData<V>);

#[diagnostic::do_not_recommend]
impl<V: ?Sized> TeleflowPayload for MapOf<V> {
    const SHAPE: Shape = Shape::Map;
    // `{{#each}}` also iterates over the values of an object.
    type Element = V;
    type Object = Self;
}

#[diagnostic::do_not_recommend]
impl<const INDEX: usize, V: ?Sized> FieldAt<INDEX> for MapOf<V> {
    type Type = V;
}
