//! The serializer that looks at each value before `serde_json` writes it.

use serde::{Serialize, Serializer, ser};

use super::compound::{Entries, Items};
use super::key::is_forbidden;
use super::{DEEPEST, LARGEST, Watch, Why};

/// How `serde_json` marks a text that is JSON already.
const RAW: &str = "$serde_json::private::RawValue";
/// How `serde_json`, with its feature `arbitrary_precision`, marks a number.
const NUMBER: &str = "$serde_json::private::Number";

pub(super) struct Guard<'w, S> {
    inner: S,
    watch: &'w Watch,
    /// How many arrays and objects are open around the value.
    depth: u8,
}

/// A value, to be serialized through a guard at this depth.
pub(super) struct Guarded<'w, 'v, T: ?Sized> {
    pub(super) value: &'v T,
    pub(super) watch: &'w Watch,
    pub(super) depth: u8,
}

impl<T: Serialize + ?Sized> Serialize for Guarded<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Guard { inner: serializer, watch: self.watch, depth: self.depth })
    }
}

impl<'w, S: Serializer> Guard<'w, S> {
    pub(super) fn root(inner: S, watch: &'w Watch) -> Self {
        Self { inner, watch, depth: 0 }
    }

    /// A value that is no object: refused at the root.
    fn scalar(self) -> Result<S, S::Error> {
        if self.depth == 0 { Err(self.watch.refuse(Why::NoObject)) } else { Ok(self.inner) }
    }

    fn integer(self, fits: bool) -> Result<S, S::Error> {
        let watch = self.watch;
        let inner = self.scalar()?;
        if fits { Ok(inner) } else { Err(watch.refuse(Why::Integer)) }
    }

    fn float(self, finite: bool) -> Result<S, S::Error> {
        let watch = self.watch;
        let inner = self.scalar()?;
        if finite { Ok(inner) } else { Err(watch.refuse(Why::NotANumber)) }
    }

    /// One level deeper, into an array.
    fn into_array(self) -> Result<(S, u8), S::Error> {
        if self.depth == 0 { Err(self.watch.refuse(Why::NoObject)) } else { self.into_object() }
    }

    /// One level deeper, into an object.
    fn into_object(self) -> Result<(S, u8), S::Error> {
        if self.depth >= DEEPEST { Err(self.watch.refuse(Why::Depth)) } else { Ok((self.inner, self.depth + 1)) }
    }

    /// One level deeper, into the object in which serde writes a variant of an enum under its name.
    fn into_variant(self, variant: &'static str) -> Result<(S, u8), S::Error> {
        if is_forbidden(variant) {
            return self.watch.within(Err(self.watch.refuse(Why::Key)), || format!(".{variant}"));
        }
        self.into_object()
    }
}

fn in_range(value: i128) -> bool {
    value.unsigned_abs() <= u128::from(LARGEST)
}

macro_rules! scalars {
    ($($method:ident($type:ty)),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<S::Ok, S::Error> {
            self.scalar()?.$method(value)
        }
    )*};
}

macro_rules! integers {
    ($($method:ident($type:ty)),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<S::Ok, S::Error> {
            self.integer(i128::try_from(value).is_ok_and(in_range))?.$method(value)
        }
    )*};
}

impl<'w, S: Serializer> Serializer for Guard<'w, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Items<'w, S::SerializeSeq>;
    type SerializeTuple = Items<'w, S::SerializeTuple>;
    type SerializeTupleStruct = Items<'w, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Items<'w, S::SerializeTupleVariant>;
    type SerializeMap = Entries<'w, S::SerializeMap>;
    type SerializeStruct = Entries<'w, S::SerializeStruct>;
    type SerializeStructVariant = Entries<'w, S::SerializeStructVariant>;

    scalars! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32),
        serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]),
    }

    integers! { serialize_i64(i64), serialize_u64(u64), serialize_i128(i128), serialize_u128(u128) }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        self.float(value.is_finite())?.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        self.float(value.is_finite())?.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.scalar()?.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let Self { inner, watch, depth } = self;
        inner.serialize_some(&Guarded { value, watch, depth })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.scalar()?.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.scalar()?.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.scalar()?.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        let Self { inner, watch, depth } = self;
        inner.serialize_newtype_struct(name, &Guarded { value, watch, depth })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_variant(variant)?;
        let written = inner.serialize_newtype_variant(name, index, variant, &Guarded { value, watch, depth });
        watch.within(written, || format!(".{variant}"))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_array()?;
        Ok(Items::new(inner.serialize_seq(len)?, watch, depth))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_array()?;
        Ok(Items::new(inner.serialize_tuple(len)?, watch, depth))
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_array()?;
        Ok(Items::new(inner.serialize_tuple_struct(name, len)?, watch, depth))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_variant(variant)?;
        Ok(Items::new(inner.serialize_tuple_variant(name, index, variant, len)?, watch, depth).of(variant))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_object()?;
        Ok(Entries::new(inner.serialize_map(len)?, watch, depth))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let Self { watch, depth, .. } = self;
        if name == RAW || name == NUMBER {
            return Ok(Entries::new(self.inner.serialize_struct(name, len)?, watch, depth));
        }
        let (inner, depth) = self.into_object()?;
        Ok(Entries::new(inner.serialize_struct(name, len)?, watch, depth))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        let watch = self.watch;
        let (inner, depth) = self.into_variant(variant)?;
        Ok(Entries::new(inner.serialize_struct_variant(name, index, variant, len)?, watch, depth).of(variant))
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.scalar()?.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Looks into what `serde_json` hands over as text: a raw value, or a number of any size.
///
/// `Ok(true)` if `name` marks such a text and it may stand at this depth.
pub(super) fn opaque<T, E>(name: &'static str, value: &T, watch: &Watch, depth: u8) -> Result<bool, E>
where
    T: Serialize + ?Sized,
    E: ser::Error,
{
    if name != RAW && name != NUMBER {
        return Ok(false);
    }
    let Ok(serde_json::Value::String(text)) = serde_json::to_value(value) else {
        return Ok(false);
    };
    if name == NUMBER {
        return match (depth, is_rounded(&text)) {
            (0, _) => Err(watch.refuse(Why::NoObject)),
            (_, true) => Err(watch.refuse(Why::Integer)),
            (_, false) => Ok(true),
        };
    }
    let parsed: serde_json::Value = serde_json::from_str(&text).map_err(E::custom)?;
    let looked_at = Guarded { value: &parsed, watch, depth };
    serde_json::to_writer(std::io::sink(), &looked_at).map_err(E::custom)?;
    // What is too large for a u64 has become a float on the way.
    if numbers(&text).any(is_rounded) {
        return Err(watch.refuse(Why::Integer));
    }
    Ok(true)
}

/// Whether this number, as JSON writes it, is an integer out of range.
fn is_rounded(number: &str) -> bool {
    !number.contains(['.', 'e', 'E']) && !number.parse().is_ok_and(in_range)
}

/// The numbers in a well-formed JSON text.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    let outside = json.split(move |c: char| {
        let in_text = quoted;
        quoted ^= c == '"' && !escaped;
        escaped = in_text && c == '\\' && !escaped;
        in_text || !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
    });
    outside.filter(|token| token.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
}
