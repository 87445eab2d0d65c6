//! What stands inside arrays and objects.

use serde::{Serialize, ser};

use super::guard::{Guarded, opaque};
use super::key::{GuardedKey, is_forbidden};
use super::{Watch, Why};

/// The items of an array, so far.
pub(super) struct Items<'w, S> {
    inner: S,
    watch: &'w Watch,
    depth: u8,
    index: usize,
    /// The name under which serde puts the items of a variant.
    variant: Option<&'static str>,
}

impl<'w, S> Items<'w, S> {
    pub(super) fn new(inner: S, watch: &'w Watch, depth: u8) -> Self {
        Self { inner, watch, depth, index: 0, variant: None }
    }

    /// Of the variant of an enum.
    pub(super) fn of(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn guard<'v, T: ?Sized>(&self, value: &'v T) -> Guarded<'w, 'v, T> {
        Guarded { value, watch: self.watch, depth: self.depth }
    }

    fn count<E>(&mut self, written: Result<(), E>) -> Result<(), E> {
        let index = self.index;
        self.index += 1;
        self.watch.within(written, || match self.variant {
            Some(variant) => format!(".{variant}[{index}]"),
            None => format!("[{index}]"),
        })
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),* $(,)?) => {$(
        impl<S: ser::$trait> ser::$trait for Items<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                let guarded = self.guard(value);
                let written = self.inner.$method(&guarded);
                self.count(written)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field,
}

/// The entries of an object, so far.
pub(super) struct Entries<'w, S> {
    inner: S,
    watch: &'w Watch,
    depth: u8,
    /// The key whose value comes next, where the two come apart.
    key: String,
    /// The name under which serde puts the fields of a variant.
    variant: Option<&'static str>,
}

impl<'w, S> Entries<'w, S> {
    pub(super) fn new(inner: S, watch: &'w Watch, depth: u8) -> Self {
        Self { inner, watch, depth, key: String::new(), variant: None }
    }

    /// Of the variant of an enum.
    pub(super) fn of(mut self, variant: &'static str) -> Self {
        self.variant = Some(variant);
        self
    }

    fn guard<'v, T: ?Sized>(&self, value: &'v T) -> Guarded<'w, 'v, T> {
        Guarded { value, watch: self.watch, depth: self.depth }
    }

    fn name<E: ser::Error>(&self, name: &'static str) -> Result<(), E> {
        if is_forbidden(name) {
            return self.watch.within(Err(self.watch.refuse(Why::Key)), || format!(".{name}"));
        }
        Ok(())
    }
}

impl<S: ser::SerializeMap> ser::SerializeMap for Entries<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.key = key_text(key);
        let written = self.inner.serialize_key(&GuardedKey { key, watch: self.watch });
        self.watch.within(written, || format!(".{}", self.key))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let guarded = self.guard(value);
        let written = self.inner.serialize_value(&guarded);
        self.watch.within(written, || format!(".{}", self.key))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), S::Error> {
        let guarded = self.guard(value);
        let written = self.inner.serialize_entry(&GuardedKey { key, watch: self.watch }, &guarded);
        self.watch.within(written, || format!(".{}", key_text(key)))
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// The key as it stands in a path.
fn key_text<T: Serialize + ?Sized>(key: &T) -> String {
    match serde_json::to_value(key) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::from("?"),
    }
}

impl<S: ser::SerializeStruct> ser::SerializeStruct for Entries<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        if opaque(name, value, self.watch, self.depth)? {
            return self.inner.serialize_field(name, value);
        }
        self.name(name)?;
        let guarded = self.guard(value);
        let written = self.inner.serialize_field(name, &guarded);
        self.watch.within(written, || format!(".{name}"))
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(name)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

impl<S: ser::SerializeStructVariant> ser::SerializeStructVariant for Entries<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), S::Error> {
        let guarded = self.guard(value);
        let written = self.name(name).and_then(|()| {
            let written = self.inner.serialize_field(name, &guarded);
            self.watch.within(written, || format!(".{name}"))
        });
        self.watch.within(written, || format!(".{}", self.variant.unwrap_or_default()))
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), S::Error> {
        self.inner.skip_field(name)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}
