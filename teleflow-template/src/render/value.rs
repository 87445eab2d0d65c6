//! The values of JavaScript that a template works with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::error::{RenderError, fail};

/// The deepest nesting of arrays and objects. Each level needs stack. serde_json parses at most 128 levels.
const MAX_NESTED: usize = 200;

/// A value. Arrays are shared, because `sortBy` sorts in place.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    String(Rc<str>),
    Array(Rc<RefCell<Vec<Value>>>),
    Object(Rc<Object>),
    /// The block of `{{#> partial}}…{{/partial}}`, a function. The number is its index in the renderer.
    PartialBlock(usize),
    /// A function of `Object.prototype`, by its name.
    Native(&'static str),
    /// The text that `i18n` returns without translations. It is an object that prints `undefined`.
    Untranslated,
}

/// An object. It never changes.
#[derive(Debug, Default)]
pub(super) struct Object {
    keys: Vec<Rc<str>>,
    values: HashMap<Rc<str>, Value>,
}

impl Object {
    /// Builds an object. Keys that look like indices come first, in ascending order. A later value replaces an earlier one.
    pub(super) fn new(entries: impl IntoIterator<Item = (Rc<str>, Value)>) -> Self {
        let mut object = Self::default();
        for (key, value) in entries {
            if object.values.insert(Rc::clone(&key), value).is_none() {
                object.keys.push(key);
            }
        }
        object.keys.sort_by_key(|key| as_index(key).map_or((true, 0), |index| (false, index)));
        object
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    pub(super) fn keys(&self) -> &[Rc<str>] {
        &self.keys
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (Rc<str>, Value)> + '_ {
        self.keys.iter().filter_map(|key| Some((Rc::clone(key), self.values.get(key)?.clone())))
    }
}

/// The index that a key is, if it is one: digits without leading zeros, less than 2^32 - 1.
pub(super) fn as_index(key: &str) -> Option<usize> {
    let is_index = key.bytes().all(|byte| byte.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    let index = if is_index { key.parse::<u32>().ok()? } else { return None };
    (index < u32::MAX).then_some(index as usize)
}

// The server copies the data first, and loses these keys.
// Source: class-transformer's `plainToInstance`, called by application-generic/src/commands/base.command.ts:11
const LOST_KEYS: [&str; 12] = [
    "constructor",
    "__proto__",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// The function that all objects inherit under this name. `__proto__` is not a function, but as true as one.
pub(super) fn inherited(key: &str) -> Option<Value> {
    LOST_KEYS.iter().find(|name| **name == key).map(|name| Value::Native(name))
}

impl Value {
    pub(super) fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(RefCell::new(items)))
    }

    pub(super) fn object(entries: impl IntoIterator<Item = (Rc<str>, Self)>) -> Self {
        Self::Object(Rc::new(Object::new(entries)))
    }

    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::String(text.into())
    }

    /// Converts JSON, as the server copies it.
    pub(super) fn from_json(json: &serde_json::Value) -> Result<Self, RenderError> {
        Self::copy(json, 0)
    }

    fn copy(json: &serde_json::Value, depth: usize) -> Result<Self, RenderError> {
        if depth > MAX_NESTED {
            return fail("Maximum call stack size exceeded");
        }
        Ok(match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(boolean) => Self::Boolean(*boolean),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::text(text.as_str()),
            serde_json::Value::Array(items) => {
                Self::array(items.iter().map(|item| Self::copy(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            serde_json::Value::Object(entries) => {
                let kept = entries.iter().filter(|(key, _)| !LOST_KEYS.contains(&key.as_str()));
                let copies = kept.map(|(key, value)| Ok((Rc::from(key.as_str()), Self::copy(value, depth + 1)?)));
                Self::object(copies.collect::<Result<Vec<_>, RenderError>>()?)
            }
        })
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// Whether it is `undefined` or `null`.
    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// `Boolean(value)`.
    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Boolean(boolean) => *boolean,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::String(text) => !text.is_empty(),
            Self::Array(_) | Self::Object(_) | Self::PartialBlock(_) | Self::Native(_) | Self::Untranslated => true,
        }
    }

    /// The property that the value itself has. `undefined` if it has none.
    pub(super) fn own_property(&self, key: &str) -> Self {
        match self {
            Self::Object(object) => object.get(key).cloned(),
            Self::Array(items) if key == "length" => Some(Self::Number(items.borrow().len() as f64)),
            Self::Array(items) => as_index(key).and_then(|index| items.borrow().get(index).cloned()),
            Self::String(text) if key == "length" => Some(Self::Number(utf16_length(text) as f64)),
            Self::String(text) => as_index(key).and_then(|index| code_unit(text, index)),
            _ => None,
        }
        .unwrap_or(Self::Undefined)
    }

    /// The entries that `for (key in value)` visits.
    pub(super) fn entries(&self) -> Vec<(Rc<str>, Self)> {
        let count = match self {
            Self::Object(object) => return object.entries().collect(),
            Self::Array(items) => items.borrow().len(),
            Self::String(text) => {
                let units = text.encode_utf16().enumerate();
                return units.map(|(index, unit)| (Rc::from(index.to_string()), from_code_unit(unit))).collect();
            }
            _ => 0,
        };
        let keys = (0..count).map(|index| index.to_string());
        keys.map(|key| (Rc::from(key.as_str()), self.own_property(&key))).collect()
    }

    /// The property, or what is inherited from `Object.prototype`.
    pub(super) fn property(&self, key: &str) -> Result<Self, RenderError> {
        let nothing = match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            _ => {
                return Ok(match self.own_property(key) {
                    Self::Undefined => inherited(key).unwrap_or(Self::Undefined),
                    own => own,
                });
            }
        };
        fail(format!("Cannot read properties of {nothing} (reading '{key}')"))
    }
}

fn utf16_length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// One UTF-16 unit of a text.
fn code_unit(text: &str, index: usize) -> Option<Value> {
    if text.is_ascii() {
        return text.get(index..=index).map(Value::text);
    }
    text.encode_utf16().nth(index).map(from_code_unit)
}

/// Half a surrogate pair becomes U+FFFD, which is printed in its place.
fn from_code_unit(unit: u16) -> Value {
    Value::text(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER).to_string())
}
