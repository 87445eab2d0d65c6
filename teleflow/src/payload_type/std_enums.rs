//! Enums and ranges of the standard library.

use std::ffi::{OsStr, OsString};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};

use super::{FieldAt, FieldInfo, Shape, TeleflowPayload, Unknown, serialized_as};

/// Implements [`TeleflowPayload`] for objects whose fields all have the type `T`.
macro_rules! ranges {
    ($($type:ident { $($index:literal $field:literal),* ; $end:literal })*) => {$(
        // No `do_not_recommend`: an error must name `T`.
        impl<T: TeleflowPayload> TeleflowPayload for $type<T> {
            const SHAPE: Shape = Shape::Object;
            const NAME: &'static str = stringify!($type);
            const FIELDS: &'static [FieldInfo<'static>] = &[$(FieldInfo::always($field, T::SHAPE, T::OPTIONAL)),*];
            type Element = Unknown;
            type Object = Self;
        }

        $(
            #[diagnostic::do_not_recommend]
            impl<T> FieldAt<$index> for $type<T> {
                type Type = T;
            }
        )*

        #[diagnostic::do_not_recommend]
        impl<T> FieldAt<$end> for $type<T> {
            type Type = Unknown;
        }
    )*};
}

ranges! {
    Range { 0 "start", 1 "end"; 2 }
    RangeInclusive { 0 "start", 1 "end"; 2 }
    RangeFrom { 0 "start"; 1 }
    RangeTo { 0 "end"; 1 }
}

// `{"Ok": …}` or `{"Err": …}`.
impl<T: TeleflowPayload, E: TeleflowPayload> TeleflowPayload for Result<T, E> {
    const SHAPE: Shape = Shape::Object;
    const NAME: &'static str = "Result";
    const FIELDS: &'static [FieldInfo<'static>] =
        &[FieldInfo::skippable("Ok", T::SHAPE, T::OPTIONAL), FieldInfo::skippable("Err", E::SHAPE, E::OPTIONAL)];
    type Element = Unknown;
    type Object = Self;
}

#[diagnostic::do_not_recommend]
impl<T, E> FieldAt<0> for Result<T, E> {
    type Type = T;
}

#[diagnostic::do_not_recommend]
impl<T, E> FieldAt<1> for Result<T, E> {
    type Type = E;
}

#[diagnostic::do_not_recommend]
impl<T, E> FieldAt<2> for Result<T, E> {
    type Type = Unknown;
}

// `"Unbounded"`, or an object.
#[diagnostic::do_not_recommend]
impl<T> TeleflowPayload for Bound<T> {
    const SHAPE: Shape = Shape::Unknown;
    type Element = Unknown;
    type Object = Unknown;
}

// An object whose only key is `Unix` or `Windows`.
serialized_as!(Map: OsStr, OsString);
