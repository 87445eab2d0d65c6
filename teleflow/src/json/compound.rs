//! What arrays and objects hold.

use serde::{Serialize, ser};

use super::checked::Checked;
use super::key::KeyText;
use super::names::{Fields, Keys};
use super::raw::{self, Raw};
use super::{Diagnostics, Reason};

/// The items of an array, so far.
pub(super) struct CheckedSeq<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values are being written, this array included.
    open: usize,
    index: usize,
    /// The name under which serde puts the items of a variant.
    variant: Option<&'static str>,
}

impl<'d, S> CheckedSeq<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        Self { inner, diagnostics, depth, open: diagnostics.open.get(), index: 0, variant: None }
    }

    /// Of the variant of an enum.
    pub(super) fn of(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn checked<'v, T: ?Sized>(&self, value: &'v T) -> Checked<'d, 'v, T> {
        Checked { value, diagnostics: self.diagnostics, depth: self.depth }
    }

    fn count<E: ser::Error>(&mut self, written: Result<(), E>) -> Result<(), E> {
        let index = self.index;
        self.index += 1;
        self.diagnostics.within(written, || match self.variant {
            Some(variant) => format!(".{variant}[{index}]"),
            None => format!("[{index}]"),
        })
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),* $(,)?) => {$(
        impl<S: ser::$trait> ser::$trait for CheckedSeq<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.diagnostics.go_on(self.open)?;
                let checked = self.checked(value);
                let written = self.inner.$method(&checked);
                self.count(written)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.diagnostics.go_on(self.open)?;
                self.inner.end()
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field,
}

/// The entries of a map, so far.
pub(super) struct CheckedMap<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values are being written, this map included.
    open: usize,
    keys: Keys,
    /// A key has been written, its value not yet.
    awaits_value: bool,
}

impl<'d, S: ser::SerializeMap> CheckedMap<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        let keys = diagnostics.keys.borrow().begin();
        Self { inner, diagnostics, depth, open: diagnostics.open.get(), keys, awaits_value: false }
    }

    fn write_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), S::Error> {
        let mut keys = self.diagnostics.keys.borrow_mut();
        let start = keys.end().len();
        // A panic in here, caught, leaves the count too high.
        self.diagnostics.open.set(self.open + 1);
        let shown = key.serialize(KeyText(keys.end()));
        self.diagnostics.open.set(self.open);
        let written = match shown {
            Err(error) => return self.diagnostics.within(Err(ser::Error::custom(error)), || String::from(".?")),
            Ok(()) => match self.diagnostics.check_key(keys.written(start), self.depth) {
                Ok(()) => self.inner.serialize_key(keys.written(start)),
                Err(reason) => Err(self.diagnostics.refuse(reason)),
            },
        };
        self.diagnostics.within(written, || format!(".{}", keys.written(start)))?;
        keys.add(&mut self.keys, start);
        self.awaits_value = true;
        Ok(())
    }

    fn write_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let written = self.inner.serialize_value(&Checked { value, diagnostics: self.diagnostics, depth: self.depth });
        self.awaits_value = false;
        self.diagnostics.within(written, || format!(".{}", self.diagnostics.keys.borrow().last(&self.keys)))
    }
}

impl<S: ser::SerializeMap> ser::SerializeMap for CheckedMap<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.diagnostics.go_on(self.open)?;
        if self.awaits_value {
            return Err(self.diagnostics.disorder("a key of a map has no value"));
        }
        self.write_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        self.diagnostics.go_on(self.open)?;
        if !self.awaits_value {
            return Err(self.diagnostics.disorder("a value of a map has no key"));
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
        self.diagnostics.go_on(self.open)?;
        if self.awaits_value {
            return Err(self.diagnostics.disorder("a key of a map has no value"));
        }
        let mut keys = self.diagnostics.keys.borrow_mut();
        if let Some(key) = keys.duplicate(&self.keys) {
            let refused = Err(self.diagnostics.refuse(Reason::Duplicate));
            return self.diagnostics.within(refused, || format!(".{key}"));
        }
        keys.finish(&self.keys);
        self.inner.end()
    }
}

/// The fields of a struct, so far.
pub(super) struct CheckedStruct<'d, S> {
    inner: S,
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// How many values are being written, this struct included.
    open: usize,
    fields: Fields,
    /// The name under which serde puts the fields of a variant.
    variant: Option<&'static str>,
}

impl<'d, S> CheckedStruct<'d, S> {
    pub(super) fn new(inner: S, diagnostics: &'d Diagnostics, depth: u8) -> Self {
        let fields = diagnostics.fields.borrow().begin();
        Self { inner, diagnostics, depth, open: diagnostics.open.get(), fields, variant: None }
    }

    /// Of the variant of an enum.
    pub(super) fn of(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn checked<'v, T: ?Sized>(&self, value: &'v T) -> Checked<'d, 'v, T> {
        Checked { value, diagnostics: self.diagnostics, depth: self.depth }
    }

    fn check_name<E: ser::Error>(&mut self, name: &'static str) -> Result<(), E> {
        self.diagnostics.go_on(self.open)?;
        let checked = self.diagnostics.check_key(name, self.depth).and_then(|()| {
            let is_new = self.diagnostics.fields.borrow_mut().add(&mut self.fields, name);
            if is_new { Ok(()) } else { Err(Reason::Duplicate) }
        });
        match checked {
            Ok(()) => Ok(()),
            Err(reason) => self.within(Err(self.diagnostics.refuse(reason)), name),
        }
    }

    fn within<E: ser::Error>(&self, written: Result<(), E>, name: &'static str) -> Result<(), E> {
        self.diagnostics.within(written, || match self.variant {
            Some(variant) => format!(".{variant}.{name}"),
            None => format!(".{name}"),
        })
    }

    fn check_end<E: ser::Error>(&self) -> Result<(), E> {
        self.diagnostics.go_on(self.open)?;
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
        let written = self.inner.serialize_field(name, &checked);
        self.within(written, name)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(name)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.check_end()?;
        self.inner.end()
    }
}

/// A struct, or what `serde_json` hands over as one: a text that is JSON already.
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
                let written = fields.inner.serialize_field(name, &checked);
                fields.within(written, name)
            }
            Self::Raw { is_written: true, diagnostics, .. } => Err(diagnostics.disorder("JSON text is written twice")),
            Self::Raw { inner, diagnostics, depth, raw, is_written } => {
                *is_written = true;
                let text = raw::text(value, *raw, diagnostics, *depth)?;
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
            Self::Raw { is_written: false, diagnostics, .. } => Err(diagnostics.disorder("JSON text is missing")),
            Self::Raw { inner, diagnostics, .. } if !diagnostics.failed.get() => inner.end(),
            Self::Raw { .. } => Err(ser::Error::custom("refused")),
        }
    }
}
