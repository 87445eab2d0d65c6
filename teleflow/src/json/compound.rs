//! Checks the elements of arrays, the entries of maps and the fields of structs.

use serde::{Serialize, ser};

use super::diagnostics::Diagnostics;
use super::invalid_value::Reason;
use super::map_key::MapKeyWriter;
use super::raw::{self, Raw};
use super::seen_names::{Fields, Keys};

/// A nested value, which is serialized through a `CheckedSerializer` (see `serializer`).
pub(super) struct CheckedValue<'d, 'v, T: ?Sized> {
    pub(super) value: &'v T,
    pub(super) diagnostics: &'d Diagnostics,
    pub(super) depth: u8,
}

/// Checks the elements of an array.
pub(super) struct CheckedSeq<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values were open when this one was opened.
    open_values: usize,
    index: usize,
    /// Set if the array is the content of an enum's variant.
    variant: Option<&'static str>,
}

impl<'d, S> CheckedSeq<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        Self { inner, diagnostics, depth, open_values: diagnostics.open_values(), index: 0, variant: None }
    }

    pub(super) fn in_variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn checked<'v, T: ?Sized>(&self, value: &'v T) -> CheckedValue<'d, 'v, T> {
        CheckedValue { value, diagnostics: self.diagnostics, depth: self.depth }
    }

    fn locate<E: ser::Error>(&mut self, result: Result<(), E>) -> Result<(), E> {
        let index = self.index;
        self.index += 1;
        self.diagnostics.locate(result, || match self.variant {
            Some(variant) => format!(".{variant}[{index}]"),
            None => format!("[{index}]"),
        })
    }
}

macro_rules! sequences {
    ($($trait:ident::$method:ident),* $(,)?) => {$(
        impl<S: ser::$trait> ser::$trait for CheckedSeq<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.diagnostics.check_not_swallowed(self.open_values)?;
                let checked = self.checked(value);
                let result = self.inner.$method(&checked);
                self.locate(result)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.diagnostics.check_not_swallowed(self.open_values)?;
                self.inner.end()
            }
        }
    )*};
}

sequences! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field,
}

/// Checks the entries of a map.
pub(super) struct CheckedMap<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values were open when this one was opened.
    open_values: usize,
    keys: Keys,
    /// The last call was for a key, so the next must be for its value.
    awaits_value: bool,
}

impl<'d, S: ser::SerializeMap> CheckedMap<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        let keys = diagnostics.keys.borrow().begin();
        Self { inner, diagnostics, depth, open_values: diagnostics.open_values(), keys, awaits_value: false }
    }

    fn write_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), S::Error> {
        let mut keys = self.diagnostics.keys.borrow_mut();
        let start = keys.end().len();
        let key_text = self.diagnostics.open_while(|| key.serialize(MapKeyWriter(keys.end())));
        let result = match key_text {
            Err(error) => return self.diagnostics.locate(Err(ser::Error::custom(error)), || String::from(".?")),
            Ok(()) => match self.diagnostics.check_key(keys.since(start), self.depth) {
                Ok(()) => self.inner.serialize_key(keys.since(start)),
                Err(reason) => Err(self.diagnostics.reject(reason)),
            },
        };
        self.diagnostics.locate(result, || format!(".{}", keys.since(start)))?;
        keys.add(&mut self.keys, start);
        self.awaits_value = true;
        Ok(())
    }

    fn write_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let result =
            self.inner.serialize_value(&CheckedValue { value, diagnostics: self.diagnostics, depth: self.depth });
        self.awaits_value = false;
        self.diagnostics.locate(result, || format!(".{}", self.diagnostics.keys.borrow().last(&self.keys)))
    }
}

impl<S: ser::SerializeMap> ser::SerializeMap for CheckedMap<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.diagnostics.check_not_swallowed(self.open_values)?;
        if self.awaits_value {
            return Err(self.diagnostics.reject_misuse("a key of a map has no value"));
        }
        self.write_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.diagnostics.check_not_swallowed(self.open_values)?;
        if !self.awaits_value {
            return Err(self.diagnostics.reject_misuse("a value of a map has no key"));
        }
        self.write_value(value)
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), S::Error> {
        self.serialize_key(key)?;
        self.write_value(value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.diagnostics.check_not_swallowed(self.open_values)?;
        if self.awaits_value {
            return Err(self.diagnostics.reject_misuse("a key of a map has no value"));
        }
        let mut keys = self.diagnostics.keys.borrow_mut();
        if let Some(key) = keys.duplicate(&self.keys) {
            let rejected = Err(self.diagnostics.reject(Reason::DuplicateKey));
            return self.diagnostics.locate(rejected, || format!(".{key}"));
        }
        keys.finish(&self.keys);
        self.inner.end()
    }
}

/// Checks the fields of a struct.
pub(super) struct CheckedStruct<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values were open when this one was opened.
    open_values: usize,
    fields: Fields,
    /// Set if the fields are those of an enum's variant.
    variant: Option<&'static str>,
}

impl<'d, S> CheckedStruct<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        let fields = diagnostics.fields.borrow().begin();
        Self { inner, diagnostics, depth, open_values: diagnostics.open_values(), fields, variant: None }
    }

    pub(super) fn in_variant(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn checked<'v, T: ?Sized>(&self, value: &'v T) -> CheckedValue<'d, 'v, T> {
        CheckedValue { value, diagnostics: self.diagnostics, depth: self.depth }
    }

    fn check_name<E: ser::Error>(&mut self, name: &'static str) -> Result<(), E> {
        self.diagnostics.check_not_swallowed(self.open_values)?;
        let checked = self.diagnostics.check_key(name, self.depth).and_then(|()| {
            let is_new = self.diagnostics.fields.borrow_mut().add(&mut self.fields, name);
            if is_new { Ok(()) } else { Err(Reason::DuplicateKey) }
        });
        match checked {
            Ok(()) => Ok(()),
            Err(reason) => self.locate(Err(self.diagnostics.reject(reason)), name),
        }
    }

    fn locate<E: ser::Error>(&self, result: Result<(), E>, name: &'static str) -> Result<(), E> {
        self.diagnostics.locate(result, || match self.variant {
            Some(variant) => format!(".{variant}.{name}"),
            None => format!(".{name}"),
        })
    }

    fn check_end<E: ser::Error>(&self) -> Result<(), E> {
        self.diagnostics.check_not_swallowed(self.open_values)?;
        self.diagnostics.fields.borrow_mut().finish(&self.fields);
        Ok(())
    }
}

impl<S: ser::SerializeStructVariant> ser::SerializeStructVariant for CheckedStruct<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        self.check_name(name)?;
        let checked = self.checked(value);
        let result = self.inner.serialize_field(name, &checked);
        self.locate(result, name)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(name)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.check_end()?;
        self.inner.end()
    }
}

/// A struct, or one of the structs as which `serde_json` passes raw JSON.
pub(super) enum StructOrRaw<'d, S> {
    Struct(CheckedStruct<'d, S>),
    Raw { inner: S, diagnostics: &'d Diagnostics, depth: u8, raw: Raw, is_written: bool },
}

impl<S: ser::SerializeStruct> ser::SerializeStruct for StructOrRaw<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        match self {
            Self::Struct(fields) => {
                fields.check_name(name)?;
                let checked = fields.checked(value);
                let result = fields.inner.serialize_field(name, &checked);
                fields.locate(result, name)
            }
            Self::Raw { is_written: true, diagnostics, .. } => {
                Err(diagnostics.reject_misuse("raw JSON is serialized twice"))
            }
            Self::Raw { inner, diagnostics, depth, raw, is_written } => {
                *is_written = true;
                let text = raw::check(value, *raw, diagnostics, *depth)?;
                inner.serialize_field(name, &text)
            }
        }
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), S::Error> {
        match self {
            Self::Struct(fields) => fields.inner.skip_field(name),
            Self::Raw { .. } => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        match self {
            Self::Struct(fields) => {
                fields.check_end()?;
                fields.inner.end()
            }
            Self::Raw { is_written: false, diagnostics, .. } => Err(diagnostics.reject_misuse("raw JSON is missing")),
            Self::Raw { inner, diagnostics, .. } if !diagnostics.has_failed() => inner.end(),
            Self::Raw { .. } => Err(ser::Error::custom("rejected")),
        }
    }
}
