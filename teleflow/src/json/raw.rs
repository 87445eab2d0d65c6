//! What `serde_json` hands over as text that is JSON already: a raw value, or a number of any size.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, ser};
use teleflow_catalog::server_facts::LARGEST_INTEGER;

use super::names::Keys;
use super::{DEEPEST, Diagnostics, Reason};

/// How `serde_json` marks a text that is JSON already.
const RAW: &str = "$serde_json::private::RawValue";
/// How `serde_json`, with its feature `arbitrary_precision`, marks a number.
const NUMBER: &str = "$serde_json::private::Number";

/// What a struct of such a name holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    Value,
    Number,
}

impl Raw {
    /// What the struct of this name is, if it is not an ordinary one.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            RAW => Some(Self::Value),
            NUMBER => Some(Self::Number),
            _ => None,
        }
    }
}

pub(super) fn in_range(value: i128) -> bool {
    value.unsigned_abs() <= u128::from(LARGEST_INTEGER)
}

/// The text that is to be written at this depth, if it may be.
pub(super) fn text<T, E>(value: &T, raw: Raw, diagnostics: &Diagnostics, depth: u8) -> Result<String, E>
where
    T: Serialize + ?Sized,
    E: ser::Error,
{
    let Ok(serde_json::Value::String(text)) = serde_json::to_value(value) else {
        return Err(diagnostics.disorder("it is marked as JSON text and is not a string"));
    };
    if raw == Raw::Number {
        return match serde_json::from_str::<serde_json::Number>(&text) {
            _ if depth == 0 => Err(diagnostics.refuse(Reason::NotAnObject)),
            Err(_) => Err(diagnostics.disorder("it is marked as a number and is not one")),
            Ok(_) if is_rounded(&text) => Err(diagnostics.refuse(Reason::Integer)),
            Ok(_) => Ok(text),
        };
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    let read = Walk { diagnostics, depth, marked: false }.deserialize(&mut reader).and_then(|_| reader.end());
    if let Err(error) = read {
        // A complaint of the walk's own has its reason already.
        return Err(diagnostics.disorder(&error.to_string()));
    }
    // What is too large for a u64 has become a float on the way.
    if numbers(&text).any(is_rounded) {
        return Err(diagnostics.refuse(Reason::Integer));
    }
    Ok(text)
}

/// Checks the value that is read next.
#[derive(Clone, Copy)]
struct Walk<'d> {
    diagnostics: &'d Diagnostics,
    depth: u8,
    /// The value is that of the key [`NUMBER`], the first of its object.
    marked: bool,
}

impl Walk<'_> {
    fn refuse<T, E: de::Error>(self, reason: Reason) -> Result<T, E> {
        let error: serde_json::Error = self.diagnostics.refuse(reason);
        Err(E::custom(error))
    }

    /// A value that is not an object.
    fn scalar<E: de::Error>(self) -> Result<bool, E> {
        if self.depth == 0 { self.refuse(Reason::NotAnObject) } else { Ok(false) }
    }

    fn inside<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEEPEST { self.refuse(Reason::Depth) } else { Ok(self.below(false)) }
    }

    fn below(self, marked: bool) -> Self {
        Self { depth: self.depth.saturating_add(1), marked, ..self }
    }

    fn integer<E: de::Error>(self, fits: bool) -> Result<bool, E> {
        self.scalar()?;
        if fits { Ok(false) } else { self.refuse(Reason::Integer) }
    }

    /// Takes the next key of an object.
    fn add(self, keys: &mut Keys, key: &str) {
        let mut stack = self.diagnostics.keys.borrow_mut();
        let start = stack.end().len();
        stack.end().push_str(key);
        stack.add(keys, start);
    }

    /// Notes on the way out that the error came from within `segment`.
    fn within<T, E: de::Error>(self, read: Result<T, E>, segment: impl FnOnce() -> String) -> Result<T, E> {
        // Where the text is not JSON, the reader says where.
        if read.is_err() && self.diagnostics.failed.get() {
            self.diagnostics.path.borrow_mut().push(segment());
        }
        read
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    /// Whether it is a marked number.
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
        self.integer(in_range(i128::from(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<bool, E> {
        self.integer(in_range(i128::from(value)))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<bool, E> {
        self.scalar()
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        self.scalar()?;
        Ok(self.marked && serde_json::from_str::<serde_json::Number>(text).is_ok())
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        self.scalar()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        self.scalar()?;
        let inside = self.inside()?;
        for index in 0_usize.. {
            if self.within(seq.next_element_seed(inside), || format!("[{index}]"))?.is_none() {
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
            // `arbitrary_precision` hands a number over as an object with this one key.
            is_number = self.within(map.next_value_seed(self.below(true)), || format!(".{NUMBER}"))?;
            next = map.next_key()?;
            is_number &= next.is_none();
        }
        if is_number {
            diagnostics.keys.borrow_mut().finish(&keys);
            return self.scalar();
        }
        let inside = self.inside()?;
        while let Some(key) = next {
            if let Err(reason) = diagnostics.check_key(&key, inside.depth) {
                return self.within(self.refuse(reason), || format!(".{key}"));
            }
            self.add(&mut keys, &key);
            self.within(map.next_value_seed(inside), || format!(".{key}"))?;
            next = map.next_key()?;
        }
        let mut stack = diagnostics.keys.borrow_mut();
        if let Some(key) = stack.duplicate(&keys) {
            return self.within(self.refuse(Reason::Duplicate), || format!(".{key}"));
        }
        stack.finish(&keys);
        Ok(false)
    }
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
