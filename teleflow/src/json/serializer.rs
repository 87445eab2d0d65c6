//! The serializer that writes JSON and checks each value.

use std::cell::Cell;
use std::fmt::{self, Display};

use serde::{Serialize, Serializer};

use super::diagnostics::{Diagnostics, Role};
use super::invalid_value::{InvalidValue, MAX_DEPTH, Reason};
use super::marks::{self, Marks};
use super::raw::Raw;
use super::safe_integer::check_integer;
use super::write::write_string;

mod compound;

use compound::{CheckedMap, CheckedSeq, CheckedStruct, StructOrRaw};

type Error = serde_json::Error;

/// Appends `value`, a JSON object, to `out`, and returns the values that it marks as sensitive. On an error `out` is
/// unchanged.
pub(crate) fn write_object<T: Serialize + ?Sized>(
    value: &T,
    role: Role,
    out: &mut Vec<u8>,
) -> Result<Marks, InvalidValue> {
    let (start, marks) = (out.len(), marks::count());
    let diagnostics = Diagnostics::new(role);
    let result = value.serialize(CheckedSerializer { out, diagnostics: &diagnostics, depth: 0 });
    match diagnostics.finish(result) {
        Ok(()) => {
            let mut ranges = diagnostics.marked.take();
            for range in &mut ranges {
                *range = range.start - start..range.end - start;
            }
            Ok(Marks { are_incomplete: marks::count().wrapping_sub(marks) != ranges.len(), ranges })
        }
        Err(invalid) => {
            out.truncate(start);
            Err(invalid)
        }
    }
}

/// Writes and checks one value.
struct CheckedSerializer<'w> {
    out: &'w mut Vec<u8>,
    diagnostics: &'w Diagnostics,
    /// How many arrays and objects the value is inside of.
    depth: u8,
}

/// Writes a value at this depth, inside an array or an object.
#[inline]
fn write_nested<T: Serialize + ?Sized>(
    value: &T,
    out: &mut Vec<u8>,
    diagnostics: &Diagnostics,
    depth: u8,
) -> Result<(), Error> {
    diagnostics.open_while(|| value.serialize(CheckedSerializer { out, diagnostics, depth }))
}

impl<'w> CheckedSerializer<'w> {
    fn reject<T>(&self, reason: Reason) -> Result<T, Error> {
        Err(self.diagnostics.reject(reason))
    }

    /// Accepts a value that is not an object, except at the root. `serde_json` writes it.
    #[inline]
    fn scalar(self) -> Result<serde_json::Serializer<&'w mut Vec<u8>>, Error> {
        if self.depth == 0 { self.reject(Reason::NotAnObject) } else { Ok(serde_json::Serializer::new(self.out)) }
    }

    /// Enters an array, which the root must not be.
    fn enter_array(self) -> Result<Self, Error> {
        if self.depth == 0 { self.reject(Reason::NotAnObject) } else { self.enter_object() }
    }

    /// Enters an object. The result has the depth of its fields.
    fn enter_object(self) -> Result<Self, Error> {
        self.enter(1)
    }

    fn enter(self, levels: u8) -> Result<Self, Error> {
        let depth = self.depth + levels;
        if depth > MAX_DEPTH { self.reject(Reason::TooDeep) } else { Ok(Self { depth, ..self }) }
    }

    /// Enters an enum's variant: opens an object whose only key is the variant's name. There are `levels` in all.
    fn enter_variant(self, variant: &'static str, levels: u8) -> Result<Self, Error> {
        if let Err(reason) = self.diagnostics.check_key(variant, self.depth + 1) {
            return self.diagnostics.locate(self.reject(reason), || format!(".{variant}"));
        }
        let entered = self.enter(levels)?;
        entered.out.push(b'{');
        write_string(variant, entered.out);
        entered.out.push(b':');
        Ok(entered)
    }
}

macro_rules! scalars {
    ($($method:ident($type:ty)),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.scalar()?.$method(value)
        }
    )*};
}

/// Numbers that may be rejected for this reason.
macro_rules! numbers {
    ($($method:ident($value:ident: $type:ty) if $is_valid:expr, else $reason:ident;)*) => {$(
        fn $method(self, $value: $type) -> Result<(), Error> {
            if self.depth > 0 && !$is_valid {
                return self.reject(Reason::$reason);
            }
            self.scalar()?.$method($value)
        }
    )*};
}

impl<'w> Serializer for CheckedSerializer<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = CheckedSeq<'w>;
    type SerializeTuple = CheckedSeq<'w>;
    type SerializeTupleStruct = CheckedSeq<'w>;
    type SerializeTupleVariant = CheckedSeq<'w>;
    type SerializeMap = CheckedMap<'w>;
    type SerializeStruct = StructOrRaw<'w>;
    type SerializeStructVariant = CheckedStruct<'w>;

    scalars! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32),
        serialize_char(char), serialize_bytes(&[u8]),
    }

    numbers! {
        serialize_i64(value: i64) if is_safe(value), else UnsafeInteger;
        serialize_u64(value: u64) if is_safe(value), else UnsafeInteger;
        serialize_i128(value: i128) if is_safe(value), else UnsafeInteger;
        serialize_u128(value: u128) if is_safe(value), else UnsafeInteger;
        serialize_f32(value: f32) if value.is_finite(), else NotFinite;
        serialize_f64(value: f64) if value.is_finite(), else NotFinite;
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        if self.depth == 0 {
            return self.reject(Reason::NotAnObject);
        }
        write_string(value, self.out);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.scalar()?.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        write_nested(value, self.out, self.diagnostics, self.depth)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.scalar()?.serialize_unit()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        let Self { out, diagnostics, depth } = self;
        let start = out.len();
        let result = write_nested(value, out, diagnostics, depth);
        if marks::is_mark(name) {
            match result {
                Ok(()) => diagnostics.marked.borrow_mut().push(start..out.len()),
                Err(_) => diagnostics.clear_path(),
            }
        }
        result
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let Self { out, diagnostics, depth } = self.enter_variant(variant, 1)?;
        let result = write_nested(value, out, diagnostics, depth);
        out.push(b'}');
        diagnostics.locate(result, || format!(".{variant}"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<CheckedSeq<'w>, Error> {
        let Self { out, diagnostics, depth } = self.enter_array()?;
        Ok(CheckedSeq::new(out, diagnostics, depth))
    }

    fn serialize_tuple(self, _: usize) -> Result<CheckedSeq<'w>, Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<CheckedSeq<'w>, Error> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<CheckedSeq<'w>, Error> {
        let Self { out, diagnostics, depth } = self.enter_variant(variant, 2)?;
        Ok(CheckedSeq::new(out, diagnostics, depth).in_variant(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<CheckedMap<'w>, Error> {
        let Self { out, diagnostics, depth } = self.enter_object()?;
        Ok(CheckedMap::new(out, diagnostics, depth))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<StructOrRaw<'w>, Error> {
        if let Some(raw) = Raw::of(name) {
            let Self { out, diagnostics, depth } = self;
            return Ok(StructOrRaw::Raw { out, diagnostics, depth, raw, is_written: false });
        }
        let Self { out, diagnostics, depth } = self.enter_object()?;
        Ok(StructOrRaw::Struct(CheckedStruct::new(out, diagnostics, depth)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<CheckedStruct<'w>, Error> {
        let Self { out, diagnostics, depth } = self.enter_variant(variant, 2)?;
        Ok(CheckedStruct::new(out, diagnostics, depth).in_variant(variant))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        let diagnostics = self.diagnostics;
        let display = CatchDisplayError { value, failed: Cell::new(false) };
        let result = self.scalar()?.collect_str(&display);
        if display.failed.get() {
            return Err(diagnostics.reject_misuse("its `Display` returned an error"));
        }
        result
    }
}

fn is_safe(value: impl TryInto<i128>) -> bool {
    check_integer(value).is_ok()
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
