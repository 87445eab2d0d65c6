//! The serializer that looks at each value before `serde_json` writes it.

use std::cell::Cell;
use std::fmt::{self, Display};

use serde::{Serialize, Serializer};

use super::compound::{CheckedMap, CheckedSeq, CheckedStruct, StructOrRaw};
use super::raw::{Raw, in_range};
use super::{DEEPEST, Diagnostics, Reason};

pub(super) struct CheckedSerializer<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    /// How many arrays and objects are open around the value.
    depth: u8,
}

/// A value, to be serialized through a checked serializer at this depth.
pub(super) struct Checked<'d, 'v, T: ?Sized> {
    pub(super) value: &'v T,
    pub(super) diagnostics: &'d Diagnostics,
    pub(super) depth: u8,
}

impl<T: Serialize + ?Sized> Serialize for Checked<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { value, diagnostics, depth } = *self;
        let open = diagnostics.open.get();
        diagnostics.open.set(open + 1);
        let written = value.serialize(CheckedSerializer { inner: serializer, diagnostics, depth });
        diagnostics.open.set(open);
        written
    }
}

impl<'d, S: Serializer> CheckedSerializer<'d, S> {
    pub(super) fn root(inner: S, diagnostics: &'d Diagnostics) -> Self {
        Self { inner, diagnostics, depth: 0 }
    }

    /// A value that is not an object: refused at the root.
    fn scalar(self) -> Result<S, S::Error> {
        if self.depth == 0 { Err(self.diagnostics.refuse(Reason::NotAnObject)) } else { Ok(self.inner) }
    }

    fn integer(self, fits: bool) -> Result<S, S::Error> {
        let diagnostics = self.diagnostics;
        let inner = self.scalar()?;
        if fits { Ok(inner) } else { Err(diagnostics.refuse(Reason::Integer)) }
    }

    fn float(self, finite: bool) -> Result<S, S::Error> {
        let diagnostics = self.diagnostics;
        let inner = self.scalar()?;
        if finite { Ok(inner) } else { Err(diagnostics.refuse(Reason::NotANumber)) }
    }

    /// One level deeper, into an array.
    fn into_array(self) -> Result<(S, u8), S::Error> {
        if self.depth == 0 { Err(self.diagnostics.refuse(Reason::NotAnObject)) } else { self.into_object() }
    }

    /// One level deeper, into an object.
    fn into_object(self) -> Result<(S, u8), S::Error> {
        self.deeper(1)
    }

    fn deeper(self, levels: u8) -> Result<(S, u8), S::Error> {
        let depth = self.depth + levels;
        if depth > DEEPEST { Err(self.diagnostics.refuse(Reason::Depth)) } else { Ok((self.inner, depth)) }
    }

    /// Into the object in which serde writes a variant of an enum under its name, and `levels` deeper in all.
    fn into_variant(self, variant: &'static str, levels: u8) -> Result<(S, u8), S::Error> {
        if let Err(reason) = self.diagnostics.check_key(variant, self.depth + 1) {
            return self.diagnostics.within(Err(self.diagnostics.refuse(reason)), || format!(".{variant}"));
        }
        self.deeper(levels)
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
            self.integer(i128::try_from(value).is_ok_and(in_range))?.$method(value)
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
        inner.serialize_some(&Checked { value, diagnostics, depth })
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
        inner.serialize_newtype_struct(name, &Checked { value, diagnostics, depth })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_variant(variant, 1)?;
        let written = inner.serialize_newtype_variant(name, index, variant, &Checked { value, diagnostics, depth });
        diagnostics.within(written, || format!(".{variant}"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_array()?;
        Ok(CheckedSeq::new(inner.serialize_seq(None)?, diagnostics, depth))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_array()?;
        Ok(CheckedSeq::new(inner.serialize_tuple(some(len))?, diagnostics, depth))
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_array()?;
        Ok(CheckedSeq::new(inner.serialize_tuple_struct(name, some(len))?, diagnostics, depth))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_variant(variant, 2)?;
        Ok(CheckedSeq::new(inner.serialize_tuple_variant(name, index, variant, some(len))?, diagnostics, depth)
            .of(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        let diagnostics = self.diagnostics;
        let (inner, depth) = self.into_object()?;
        Ok(CheckedMap::new(inner.serialize_map(None)?, diagnostics, depth))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let Self { diagnostics, depth, .. } = self;
        if let Some(raw) = Raw::of(name) {
            let inner = self.inner.serialize_struct(name, some(len))?;
            return Ok(StructOrRaw::Raw { inner, diagnostics, depth, raw, is_written: false });
        }
        let (inner, depth) = self.into_object()?;
        let inner = inner.serialize_struct(name, some(len))?;
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
        let (inner, depth) = self.into_variant(variant, 2)?;
        let inner = inner.serialize_struct_variant(name, index, variant, some(len))?;
        Ok(CheckedStruct::new(inner, diagnostics, depth).of(variant))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let diagnostics = self.diagnostics;
        let shown = Shown { value, failed: Cell::new(false) };
        let written = self.scalar()?.collect_str(&shown);
        if shown.failed.get() {
            return Err(diagnostics.disorder("its `Display` returned an error"));
        }
        written
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// `serde_json` closes an array or object of the length 0 at once, whatever follows; of all other lengths it reads
/// nothing.
fn some(len: usize) -> usize {
    len.max(1)
}

/// Keeps from `serde_json` that a `Display` fails: it panics over that.
struct Shown<'v, T: ?Sized> {
    value: &'v T,
    failed: Cell<bool>,
}

impl<T: Display + ?Sized> Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.fmt(f).is_err() {
            self.failed.set(true);
        }
        Ok(())
    }
}
