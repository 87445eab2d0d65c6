//! Deserializes values from strings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::{Direct, Nested};

/// A type that `#[serde(with = "teleflow::as_string")]` can deserialize: a type with `FromStr`, or an `Option`, list or map
/// of such a type.
///
/// The compiler infers `Via`.
///
/// ```
/// use teleflow::as_string::FromString;
///
/// fn reads<'de, T: FromString<'de, Via>, Via>(_: T) {}
///
/// reads(7_u64);
/// reads(vec![Some(7_u64)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`teleflow::as_string` cannot deserialize `{Self}`",
    label = "`{Self}`, or each value inside it, must implement `FromStr`"
)]
pub trait FromString<'de, Via>: Sized {
    #[doc(hidden)]
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromStr<Err: Display>> FromString<'de, Direct> for T {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Implements `Deserialize` for an element.
struct Value<T, Via>(T, PhantomData<Via>);

impl<'de, T: FromString<'de, Via>, Via> Deserialize<'de> for Value<T, Via> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_from_string(deserializer).map(|value| Self(value, PhantomData))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via> FromString<'de, Nested<Via>> for Option<T> {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<Value<T, Via>> = Deserialize::deserialize(deserializer)?;
        Ok(value.map(|value| value.0))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via> FromString<'de, Nested<Via>> for Vec<T> {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: Vec<Value<T, Via>> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|value| value.0).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via, const N: usize> FromString<'de, Nested<Via>> for [T; N] {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = <Vec<T> as FromString<'de, Nested<Via>>>::deserialize_from_string(deserializer)?;
        let length = values.len();
        values.try_into().map_err(|_| de::Error::invalid_length(length, &format!("{N} elements").as_str()))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Nested<Via>>, Via> FromString<'de, Nested<Via>> for Box<T> {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_from_string(deserializer).map(Box::new)
    }
}

macro_rules! collections {
    ($([$($generic:tt)*] $type:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'de, Via, $($generic)*> FromString<'de, Nested<Via>> for $type
        where
            T: FromString<'de, Via>,
        {
            fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let values: Vec<Value<T, Via>> = Deserialize::deserialize(deserializer)?;
                Ok(values.into_iter().map(|value| value.0).collect())
            }
        }
    )*};
}

collections! {
    [T] VecDeque<T>;
    [T: Ord] BTreeSet<T>;
    [T: Hash + Eq, H: BuildHasher + Default] HashSet<T, H>;
}

#[diagnostic::do_not_recommend]
impl<'de, K: Deserialize<'de> + Ord, T: FromString<'de, Via>, Via> FromString<'de, Nested<Via>> for BTreeMap<K, T> {
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: BTreeMap<K, Value<T, Via>> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|(key, value)| (key, value.0)).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'de, K, T, Via, H> FromString<'de, Nested<Via>> for HashMap<K, T, H>
where
    K: Deserialize<'de> + Hash + Eq,
    T: FromString<'de, Via>,
    H: BuildHasher + Default,
{
    fn deserialize_from_string<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: HashMap<K, Value<T, Via>, H> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|(key, value)| (key, value.0)).collect())
    }
}
