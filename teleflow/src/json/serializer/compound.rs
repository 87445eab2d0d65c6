//! Writes the elements of arrays, the entries of maps and the fields of structs, and checks them.

use serde::{Serialize, ser};

use super::{Error, write_nested};
use crate::json::diagnostics::Diagnostics;
use crate::json::invalid_value::Reason;
use crate::json::known_names;
use crate::json::map_key::MapKeyWriter;
use crate::json::raw::{self, Raw};
use crate::json::seen_names::{Fields, Keys};
use crate::json::write::{write_plain, write_string};

/// An array or an object that has been opened.
struct Open<'w> {
    out: &'w mut Vec<u8>,
    diagnostics: &'w Diagnostics,
    /// The depth of its values.
    depth: u8,
    /// How many values were open when this one was opened.
    open_values: usize,
    is_empty: bool,
    /// Set if it is the content of an enum's variant, which is an object around it.
    variant: Option<&'static str>,
}

impl<'w> Open<'w> {
    fn new(out: &'w mut Vec<u8>, bracket: u8, diagnostics: &'w Diagnostics, depth: u8) -> Self {
        out.push(bracket);
        Self { out, diagnostics, depth, open_values: diagnostics.open_values(), is_empty: true, variant: None }
    }

    #[inline]
    fn check_not_swallowed(&self) -> Result<(), Error> {
        self.diagnostics.check_not_swallowed(self.open_values)
    }

    #[inline]
    fn separate(&mut self) {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
    }

    #[inline]
    fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        write_nested(value, self.out, self.diagnostics, self.depth)
    }

    fn close(self, bracket: u8) {
        self.out.push(bracket);
        if self.variant.is_some() {
            self.out.push(b'}');
        }
    }
}

/// Writes the elements of an array.
pub(super) struct CheckedSeq<'w> {
    array: Open<'w>,
    index: usize,
}

impl<'w> CheckedSeq<'w> {
    pub(super) fn new(out: &'w mut Vec<u8>, diagnostics: &'w Diagnostics, depth: u8) -> Self {
        Self { array: Open::new(out, b'[', diagnostics, depth), index: 0 }
    }

    pub(super) fn in_variant(mut self, variant: &'static str) -> Self {
        self.array.variant = Some(variant);
        self
    }

    fn write_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.array.check_not_swallowed()?;
        self.array.separate();
        let result = self.array.write(value);
        let index = self.index;
        self.index += 1;
        self.array.diagnostics.locate(result, || match self.array.variant {
            Some(variant) => format!(".{variant}[{index}]"),
            None => format!("[{index}]"),
        })
    }
}

macro_rules! sequences {
    ($($trait:ident::$method:ident),* $(,)?) => {$(
        impl ser::$trait for CheckedSeq<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.write_element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.array.check_not_swallowed()?;
                self.array.close(b']');
                Ok(())
            }
        }
    )*};
}

sequences! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field,
}

/// Writes the entries of a map.
pub(super) struct CheckedMap<'w> {
    object: Open<'w>,
    keys: Keys,
    /// The last call was for a key, so the next must be for its value.
    awaits_value: bool,
}

impl<'w> CheckedMap<'w> {
    pub(super) fn new(out: &'w mut Vec<u8>, diagnostics: &'w Diagnostics, depth: u8) -> Self {
        let keys = diagnostics.keys.borrow().begin();
        Self { object: Open::new(out, b'{', diagnostics, depth), keys, awaits_value: false }
    }

    fn write_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), Error> {
        let diagnostics = self.object.diagnostics;
        let mut keys = diagnostics.keys.borrow_mut();
        let start = keys.end().len();
        let key_text = diagnostics.open_while(|| key.serialize(MapKeyWriter(keys.end())));
        if key_text.is_err() {
            return diagnostics.locate(key_text, || String::from(".?"));
        }
        if let Err(reason) = diagnostics.check_key(keys.since(start), self.object.depth) {
            return diagnostics.locate(Err(diagnostics.reject(reason)), || format!(".{}", keys.since(start)));
        }
        self.object.separate();
        write_string(keys.since(start), self.object.out);
        self.object.out.push(b':');
        keys.add(&mut self.keys, start);
        self.awaits_value = true;
        Ok(())
    }

    fn write_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let result = self.object.write(value);
        self.awaits_value = false;
        let diagnostics = self.object.diagnostics;
        diagnostics.locate(result, || format!(".{}", diagnostics.keys.borrow().last(&self.keys)))
    }
}

impl ser::SerializeMap for CheckedMap<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.object.check_not_swallowed()?;
        if self.awaits_value {
            return Err(self.object.diagnostics.reject_misuse("a key of a map has no value"));
        }
        self.write_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.object.check_not_swallowed()?;
        if !self.awaits_value {
            return Err(self.object.diagnostics.reject_misuse("a value of a map has no key"));
        }
        self.write_value(value)
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), Error> {
        self.serialize_key(key)?;
        self.write_value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.object.check_not_swallowed()?;
        let diagnostics = self.object.diagnostics;
        if self.awaits_value {
            return Err(diagnostics.reject_misuse("a key of a map has no value"));
        }
        let mut keys = diagnostics.keys.borrow_mut();
        if let Some(key) = keys.duplicate(&self.keys) {
            return diagnostics.locate(Err(diagnostics.reject(Reason::DuplicateKey)), || format!(".{key}"));
        }
        keys.finish(&self.keys);
        self.object.close(b'}');
        Ok(())
    }
}

/// Writes the fields of a struct.
pub(super) struct CheckedStruct<'w> {
    object: Open<'w>,
    fields: Fields,
}

impl<'w> CheckedStruct<'w> {
    pub(super) fn new(out: &'w mut Vec<u8>, diagnostics: &'w Diagnostics, depth: u8) -> Self {
        let fields = diagnostics.fields.borrow().begin();
        Self { object: Open::new(out, b'{', diagnostics, depth), fields }
    }

    pub(super) fn in_variant(mut self, variant: &'static str) -> Self {
        self.object.variant = Some(variant);
        self
    }

    fn write_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let result = self.write_name(name).and_then(|()| self.object.write(value));
        self.object.diagnostics.locate(result, || match self.object.variant {
            Some(variant) => format!(".{variant}.{name}"),
            None => format!(".{name}"),
        })
    }

    #[inline]
    fn write_name(&mut self, name: &'static str) -> Result<(), Error> {
        self.object.check_not_swallowed()?;
        let Open { diagnostics, depth, .. } = self.object;
        let is_plain = known_names::is_known(name) || diagnostics.check_name(name, depth)?;
        if !diagnostics.fields.borrow_mut().add(&mut self.fields, name) {
            return Err(diagnostics.reject(Reason::DuplicateKey));
        }
        self.object.separate();
        if is_plain {
            write_plain(name.as_bytes(), self.object.out)
        } else {
            write_string(name, self.object.out)
        }
        self.object.out.push(b':');
        Ok(())
    }

    fn finish(self) -> Result<(), Error> {
        self.object.check_not_swallowed()?;
        self.object.diagnostics.fields.borrow_mut().finish(&self.fields);
        self.object.close(b'}');
        Ok(())
    }
}

impl ser::SerializeStructVariant for CheckedStruct<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.write_field(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

/// A struct, or one of the structs as which `serde_json` passes raw JSON.
pub(super) enum StructOrRaw<'w> {
    Struct(CheckedStruct<'w>),
    Raw { out: &'w mut Vec<u8>, diagnostics: &'w Diagnostics, depth: u8, raw: Raw, is_written: bool },
}

impl ser::SerializeStruct for StructOrRaw<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        match self {
            Self::Struct(fields) => fields.write_field(name, value),
            Self::Raw { is_written: true, diagnostics, .. } => {
                Err(diagnostics.reject_misuse("raw JSON is serialized twice"))
            }
            Self::Raw { out, diagnostics, depth, raw, is_written } => {
                *is_written = true;
                out.extend_from_slice(raw::check(value, *raw, diagnostics, *depth)?.as_bytes());
                Ok(())
            }
        }
    }

    fn end(self) -> Result<(), Error> {
        match self {
            Self::Struct(fields) => fields.finish(),
            Self::Raw { is_written: false, diagnostics, .. } => Err(diagnostics.reject_misuse("raw JSON is missing")),
            Self::Raw { diagnostics, .. } if !diagnostics.has_failed() => Ok(()),
            Self::Raw { .. } => Err(ser::Error::custom("rejected")),
        }
    }
}
