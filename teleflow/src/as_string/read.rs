//! Values that are read from strings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::{Direct, Nested};

/// What `#[serde(with = "teleflow::as_string")]` can read: whatever has `FromStr`, and `Option`s, lists and maps of it.
///
/// The parameter `Via` says which of the two it is. The compiler finds it.
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
    message = "`teleflow::as_string` cannot read `{Self}`",
    label = "`{Self}`, or each value inside it, must implement `FromStr`"
)]
pub trait FromString<'de, Via>: Sized {
    #[doc(hidden)]
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromStr<Err: Display>> FromString<'de, Direct> for T {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A value inside another, for serde.
struct Value<T, Via>(T, PhantomData<Via>);

impl<'de, T: FromString<'de, Via>, Via> Deserialize<'de> for Value<T, Via> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(|value| Self(value, PhantomData))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via> FromString<'de, Nested<Via>> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<Value<T, Via>> = Deserialize::deserialize(deserializer)?;
        Ok(value.map(|value| value.0))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via> FromString<'de, Nested<Via>> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: Vec<Value<T, Via>> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|value| value.0).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Via>, Via, const N: usize> FromString<'de, Nested<Via>> for [T; N] {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = <Vec<T> as FromString<'de, Nested<Via>>>::read(deserializer)?;
        let length = values.len();
        values.try_into().map_err(|_| de::Error::invalid_length(length, &format!("{N} elements").as_str()))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromString<'de, Nested<Via>>, Via> FromString<'de, Nested<Via>> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Box::new)
    }
}

macro_rules! collections {
    ($([$($generic:tt)*] $type:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'de, Via, $($generic)*> FromString<'de, Nested<Via>> for $type
        where
            T: FromString<'de, Via>,
        {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values: HashMap<K, Value<T, Via>, H> = Deserialize::deserialize(deserializer)?;
        Ok(values.into_iter().map(|(key, value)| (key, value.0)).collect())
    }
}
