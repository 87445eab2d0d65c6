//! Checks what `serde_json` passes as raw JSON text: a `RawValue`, or a number of any size.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, ser};

use super::diagnostics::Diagnostics;
use super::invalid_value::{MAX_DEPTH, Reason};
use super::safe_integer::{check_integer, check_number, check_numbers_in};
use super::seen_names::Keys;

/// The struct name by which `serde_json` passes a `RawValue`.
const RAW: &str = "$serde_json::private::RawValue";
/// The struct name by which `serde_json` passes a number, with its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// The content of such a struct.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    Value,
    Number,
}

impl Raw {
    /// `None` for an ordinary struct.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            RAW => Some(Self::Value),
            NUMBER => Some(Self::Number),
            _ => None,
        }
    }
}

/// Checks raw JSON at this depth and returns its text.
pub(super) fn check<T, E>(value: &T, raw: Raw, diagnostics: &Diagnostics, depth: u8) -> Result<String, E>
where
    T: Serialize + ?Sized,
    E: ser::Error,
{
    let Ok(serde_json::Value::String(text)) = serde_json::to_value(value) else {
        return Err(diagnostics.reject_misuse("it is passed as raw JSON but is not a string"));
    };
    if raw == Raw::Number {
        return match serde_json::from_str::<serde_json::Number>(&text) {
            _ if depth == 0 => Err(diagnostics.reject(Reason::NotAnObject)),
            Err(_) => Err(diagnostics.reject_misuse("it is passed as a number but is not one")),
            Ok(_) => match check_number(&text) {
                Ok(()) => Ok(text),
                Err(reason) => Err(diagnostics.reject(reason)),
            },
        };
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    let read =
        Walk { diagnostics, depth, is_number_content: false }.deserialize(&mut reader).and_then(|_| reader.end());
    if let Err(error) = read {
        // An error of `Walk` itself keeps its own reason.
        return Err(diagnostics.reject_misuse(&error.to_string()));
    }
    // `Walk` sees an integer beyond `u64` as a float.
    match check_numbers_in(&text) {
        Ok(()) => Ok(text),
        Err(reason) => Err(diagnostics.reject(reason)),
    }
}

/// Checks the value that is read next.
#[derive(Clone, Copy)]
struct Walk<'d> {
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// The value belongs to the key [`NUMBER`], the first of its object.
    is_number_content: bool,
}

impl Walk<'_> {
    fn reject<T, E: de::Error>(self, reason: Reason) -> Result<T, E> {
        let error: serde_json::Error = self.diagnostics.reject(reason);
        Err(E::custom(error))
    }

    /// Accepts a value that is not an object, except at the root.
    fn scalar<E: de::Error>(self) -> Result<bool, E> {
        if self.depth == 0 { self.reject(Reason::NotAnObject) } else { Ok(false) }
    }

    fn enter<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH { self.reject(Reason::TooDeep) } else { Ok(self.nested(false)) }
    }

    fn nested(self, is_number_content: bool) -> Self {
        Self { depth: self.depth.saturating_add(1), is_number_content, ..self }
    }

    fn integer<E: de::Error>(self, value: impl TryInto<i128>) -> Result<bool, E> {
        self.scalar()?;
        match check_integer(value) {
            Ok(()) => Ok(false),
            Err(reason) => self.reject(reason),
        }
    }

    /// Adds the next key of an object.
    fn add(self, keys: &mut Keys, key: &str) {
        let mut stack = self.diagnostics.keys.borrow_mut();
        let start = stack.end().len();
        stack.end().push_str(key);
        stack.add(keys, start);
    }

    /// Adds `segment` to the path of an error.
    fn locate<T, E: de::Error>(self, read: Result<T, E>, segment: impl FnOnce() -> String) -> Result<T, E> {
        // For invalid JSON the message of `serde_json` has the position.
        if read.is_err() && self.diagnostics.has_failed() {
            self.diagnostics.add_segment(segment());
        }
        read
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    /// Whether it is a number under the key [`NUMBER`].
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<bool, E> {
        self.scalar()
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<bool, E> {
        self.integer(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<bool, E> {
        self.integer(value)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<bool, E> {
        self.scalar()
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        self.scalar()?;
        Ok(self.is_number_content && serde_json::from_str::<serde_json::Number>(text).is_ok())
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        self.scalar()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        self.scalar()?;
        let inside = self.enter()?;
        for index in 0_usize.. {
            if self.locate(seq.next_element_seed(inside), || format!("[{index}]"))?.is_none() {
                break;
            }
        }
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let diagnostics = self.diagnostics;
        let mut keys = diagnostics.keys.borrow().begin();
        let mut next = map.next_key::<String>()?;
        let mut is_number = false;
        if let Some(key) = next.as_deref().filter(|key| *key == NUMBER) {
            self.add(&mut keys, key);
            // `arbitrary_precision` passes a number as an object with this single key.
            is_number = self.locate(map.next_value_seed(self.nested(true)), || format!(".{NUMBER}"))?;
            next = map.next_key()?;
            is_number &= next.is_none();
        }
        if is_number {
            diagnostics.keys.borrow_mut().finish(&keys);
            return self.scalar();
        }
        let inside = self.enter()?;
        while let Some(key) = next {
            if let Err(reason) = diagnostics.check_key(&key, inside.depth) {
                return self.locate(self.reject(reason), || format!(".{key}"));
            }
            self.add(&mut keys, &key);
            self.locate(map.next_value_seed(inside), || format!(".{key}"))?;
            next = map.next_key()?;
        }
        let mut stack = diagnostics.keys.borrow_mut();
        if let Some(key) = stack.duplicate(&keys) {
            return self.locate(self.reject(Reason::DuplicateKey), || format!(".{key}"));
        }
        stack.finish(&keys);
        Ok(false)
    }
}
