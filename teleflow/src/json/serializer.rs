//! The serializer that checks each value before `serde_json` writes it.

use std::cell::Cell;
use std::fmt::{self, Display};

use serde::{Serialize, Serializer};

use super::compound::{CheckedMap, CheckedSeq, CheckedStruct, CheckedValue, StructOrRaw};
use super::diagnostics::Diagnostics;
use super::invalid_value::{MAX_DEPTH, Reason};
use super::raw::Raw;
use super::safe_integer::check_integer;

/// Checks one value and passes it on to `inner`.
pub(super) struct CheckedSerializer<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    /// How many arrays and objects the value is inside of.
    depth: u8,
}

impl<T: Serialize + ?Sized> Serialize for CheckedValue<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { value, diagnostics, depth } = *self;
        diagnostics.open_while(|| value.serialize(CheckedSerializer { inner: serializer, diagnostics, depth }))
    }
}

impl<'d, S: Serializer> CheckedSerializer<'d, S> {
    pub(super) fn root(inner: S, diagnostics: &'d Diagnostics) -> Self {
        Self { inner, diagnostics, depth: 0 }
    }

    /// Accepts a value that is not an object, except at the root.
    fn scalar(self) -> Result<S, S::Error> {
        if self.depth == 0 { Err(self.diagnostics.reject(Reason::NotAnObject)) } else { Ok(self.inner) }
    }

    fn integer(self, value: impl TryInto<i128>) -> Result<S, S::Error> {
        let diagnostics = self.diagnostics;
        let inner = self.scalar()?;
        check_integer(value).map_err(|reason| diagnostics.reject(reason))?;
        Ok(inner)
    }

    fn float(self, is_finite: bool) -> Result<S, S::Error> {
        let diagnostics = self.diagnostics;
        let inner = self.scalar()?;
        if is_finite { Ok(inner) } else { Err(diagnostics.reject(Reason::NotFinite)) }
    }

    /// Enters an array, which the root must not be. Returns the depth of its elements.
    fn enter_array(self) -> Result<(S, u8), S::Error> {
        if self.depth == 0 { Err(self.diagnostics.reject(Reason::NotAnObject)) } else { self.enter_object() }
    }

    /// Enters an object. Returns the depth of its fields.
    fn enter_object(self) -> Result<(S, u8), S::Error> {
        self.enter(1)
    }

    fn enter(self, levels: u8) -> Result<(S, u8), S::Error> {
        let depth = self.depth + levels;
        if depth > MAX_DEPTH { Err(self.diagnostics.reject(Reason::TooDeep)) } else { Ok((self.inner, depth)) }
    }

    /// Enters an enum's variant: an object whose only key is the variant's name, and `levels` in all.
    fn enter_variant(self, variant: &'static str, levels: u8) -> Result<(S, u8), S::Error> {
        if let Err(reason) = self.diagnostics.check_key(variant, self.depth + 1) {
            return self.diagnostics.locate(Err(self.diagnostics.reject(reason)), || format!(".{variant}"));
        }
        self.enter(levels)
    }
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
            self.integer(value)?.$method(value)
        }
    )*};
}

impl<'d, S: Serializer> Serializer for CheckedSerializer<'d, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = CheckedSeq<'d, S::SerializeSeq>;
    type SerializeTuple = CheckedSeq<'d, S::SerializeTuple>;
    type SerializeTupleStruct = CheckedSeq<'d, S::SerializeTupleStruct>;
    type SerializeTupleVariant = CheckedSeq<'d, S::SerializeTupleVariant>;
    type SerializeMap = CheckedMap<'d, S::SerializeMap>;
    type SerializeStruct = StructOrRaw<'d, S::SerializeStruct>;
    type SerializeStructVariant = CheckedStruct<'d, S::SerializeStructVariant>;

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
        let Self { inner, diagnostics, depth } = self;
        inner.serialize_some(&CheckedValue { value, diagnostics, depth })
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
        let Self { inner, diagnostics, depth } = self;
        inner.serialize_newtype_struct(name, &CheckedValue { value, diagnostics, depth })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_variant(variant, 1)?;
        let result = inner.serialize_newtype_variant(name, index, variant, &CheckedValue { value, diagnostics, depth });
        diagnostics.locate(result, || format!(".{variant}"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_array()?;
        Ok(CheckedSeq::new(inner.serialize_seq(None)?, diagnostics, depth))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_array()?;
        Ok(CheckedSeq::new(inner.serialize_tuple(nonzero(len))?, diagnostics, depth))
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_array()?;
        Ok(CheckedSeq::new(inner.serialize_tuple_struct(name, nonzero(len))?, diagnostics, depth))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_variant(variant, 2)?;
        Ok(CheckedSeq::new(inner.serialize_tuple_variant(name, index, variant, nonzero(len))?, diagnostics, depth)
            .in_variant(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_object()?;
        Ok(CheckedMap::new(inner.serialize_map(None)?, diagnostics, depth))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let Self { diagnostics, depth, .. } = self;
        if let Some(raw) = Raw::of(name) {
            let inner = self.inner.serialize_struct(name, nonzero(len))?;
            return Ok(StructOrRaw::Raw { inner, diagnostics, depth, raw, is_written: false });
        }
        let (inner, depth) = self.enter_object()?;
        let inner = inner.serialize_struct(name, nonzero(len))?;
        Ok(StructOrRaw::Struct(CheckedStruct::new(inner, diagnostics, depth)))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.enter_variant(variant, 2)?;
        let inner = inner.serialize_struct_variant(name, index, variant, nonzero(len))?;
        Ok(CheckedStruct::new(inner, diagnostics, depth).in_variant(variant))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let diagnostics = self.diagnostics;
        let display = CatchDisplayError { value, failed: Cell::new(false) };
        let result = self.scalar()?.collect_str(&display);
        if display.failed.get() {
            return Err(diagnostics.reject_misuse("its `Display` returned an error"));
        }
        result
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// `serde_json` closes an array or object of length 0 immediately, even if elements follow. It ignores other lengths.
fn nonzero(len: usize) -> usize {
    len.max(1)
}

/// Hides a failing `Display` from `serde_json`, which panics on it.
struct CatchDisplayError<'v, T: ?Sized> {
    value: &'v T,
    failed: Cell<bool>,
}

impl<T: Display + ?Sized> Display for CatchDisplayError<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.fmt(f).is_err() {
            self.failed.set(true);
        }
        Ok(())
    }
}
