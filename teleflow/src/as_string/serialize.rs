//! Serializes values as strings.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Direct, Nested};

/// A type that `#[serde(with = "teleflow::as_string")]` can serialize: a type with `Display`, or an `Option`, list or map of
/// such a type.
///
/// The compiler infers `Via`.
///
/// ```
/// use teleflow::as_string::AsString;
///
/// fn takes<T: AsString<Via>, Via>(_: T) {}
///
/// takes(7_u64);
/// takes(vec![Some(7_u64)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`teleflow::as_string` cannot serialize `{Self}`",
    label = "`{Self}`, or each value inside it, must implement `Display`"
)]
pub trait AsString<Via> {
    #[doc(hidden)]
    fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> AsString<Direct> for T {
    fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Implements `Serialize` for an element.
struct Value<'a, T: ?Sized, Via>(&'a T, PhantomData<Via>);

impl<T: AsString<Via> + ?Sized, Via> Serialize for Value<'_, T, Via> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_as_string(serializer)
    }
}

#[diagnostic::do_not_recommend]
impl<T: AsString<Via>, Via> AsString<Nested<Via>> for Option<T> {
    fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Value(value, PhantomData)),
            None => serializer.serialize_none(),
        }
    }
}

macro_rules! lists {
    ($([$($generic:tt)*] $type:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: AsString<Via>, Via, $($generic)*> AsString<Nested<Via>> for $type {
            fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter().map(|value| Value(value, PhantomData)))
            }
        }
    )*};
}

lists! {
    [] [T];
    [const N: usize] [T; N];
    [] Vec<T>;
    [] VecDeque<T>;
    [] BTreeSet<T>;
    [H] HashSet<T, H>;
}

macro_rules! maps {
    ($([$($generic:tt)*] $type:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<K: Serialize, T: AsString<Via>, Via, $($generic)*> AsString<Nested<Via>> for $type {
            fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.iter().map(|(key, value)| (key, Value(value, PhantomData))))
            }
        }
    )*};
}

maps! {
    [] BTreeMap<K, T>;
    [H] HashMap<K, T, H>;
}

/// Pointers to a type with elements. Pointers to other types have `Display` themselves.
macro_rules! pointers {
    ($([$($generic:tt)*] $type:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generic)* T: AsString<Nested<Via>> + ?Sized, Via> AsString<Nested<Via>> for $type {
            fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                T::serialize_as_string(self, serializer)
            }
        }
    )*};
}

pointers! {
    [] &T;
    [] Box<T>;
    [] Rc<T>;
    [] Arc<T>;
}

#[diagnostic::do_not_recommend]
impl<T: AsString<Nested<Via>> + ToOwned + ?Sized, Via> AsString<Nested<Via>> for Cow<'_, T> {
    fn serialize_as_string<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::serialize_as_string(self, serializer)
    }
}
