//! Values of the application's, written as JSON, and what is refused in them.
//!
//! A [`CheckedSerializer`] sits between serde and `serde_json`, and checks each value that passes. Nothing is built in
//! between, so the checks cost little more than the serialization itself.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;
use teleflow_catalog::server_facts::{ReservedKey, SpecialVariable};
use teleflow_http::sanitize;

mod checked;
mod compound;
mod raw;
mod key;
mod names;

use checked::CheckedSerializer;
use names::{FieldNames, MapKeys};

/// Nesting beyond this is refused: the server answers 500 to deep values.
const DEEPEST: u8 = 100;

/// Why a value was refused, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    path: String,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    /// The value itself is not an object.
    NotAnObject,
    /// A key that the server does not keep.
    Reserved(ReservedKey),
    /// A name at the payload's top level that the server takes for an address.
    Address,
    /// A name of a payload that the server hides in templates.
    Shadowed,
    /// An object has the key twice.
    Duplicate,
    Integer,
    NotANumber,
    Depth,
    /// What the `Serialize` of the value said.
    Other(String),
}

impl Fault {
    /// The complaint, about the value called `name`.
    pub(crate) fn of(&self, name: &str) -> String {
        let path = &self.path;
        match &self.reason {
            Reason::NotAnObject => format!("`{name}{path}` is not a JSON object, which it has to be"),
            Reason::Reserved(key) => {
                format!("`{name}{path}` is a reserved key: {}; rename the key", key.consequence())
            }
            Reason::Address => format!(
                "`{name}{path}` is an address to the server, which would send there instead of to the subscriber's own \
                 address; rename the key, or allow it with `#[teleflow(address(..))]` on the struct (untyped events: with \
                 `.address_from_payload()`)"
            ),
            Reason::Shadowed => format!(
                "`{name}{path}` is hidden in templates by a value of the server's own; rename the key, or allow it with \
                 `#[teleflow(shadowed(..))]` above the struct"
            ),
            Reason::Duplicate => {
                format!("`{name}{path}` is written twice, but the server reads only one of the two; rename one of them")
            }
            Reason::Integer => format!(
                "`{name}{path}` is an integer beyond ±2^53, which the server rounds; send it as text with \
                 `#[serde(with = \"teleflow::as_string\")]`"
            ),
            Reason::NotANumber => format!("`{name}{path}` is NaN or infinite, which JSON cannot hold"),
            Reason::Depth => format!("`{name}` is nested deeper than {DEEPEST} levels"),
            Reason::Other(text) => format!("`{name}{path}` could not be serialized: {text}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of(""))
    }
}

/// What a value is to the server.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// A payload. Of the names that mean something to the server at its top level, only these may be there.
    Payload(&'static [&'static str]),
    /// Data of a subscriber or a tenant, or an override.
    Data,
}

/// Writes `value`, a JSON object, at the end of `out`. After a fault `out` is as it was.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, role: Role, out: &mut Vec<u8>) -> Result<(), Fault> {
    let start = out.len();
    let diagnostics = Diagnostics::new(role);
    let written = value.serialize(CheckedSerializer::root(&mut serde_json::Serializer::new(&mut *out), &diagnostics));
    diagnostics.whole(written).inspect_err(|_| out.truncate(start))
}

/// Writes a text as a JSON string.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and a `str` has nothing that JSON could not hold.
    let _ = serde_json::to_writer(out, text);
}

/// What the serializers of one value share.
struct Diagnostics {
    role: Role,
    /// A part of the value could not be written, whatever its `Serialize` makes of that. What was written is not JSON.
    failed: Cell<bool>,
    /// How many values are being written, each inside the one before. A caught panic leaves it too high.
    open: Cell<usize>,
    reason: RefCell<Option<Reason>>,
    /// Segments of the path to the fault, the innermost first.
    path: RefCell<Vec<String>>,
    /// The keys of the maps that are being written.
    keys: RefCell<MapKeys>,
    /// The names of the fields of the structs that are being written.
    fields: RefCell<FieldNames>,
}

impl Diagnostics {
    fn new(role: Role) -> Self {
        Self {
            role,
            failed: Cell::new(false),
            open: Cell::new(0),
            reason: RefCell::default(),
            path: RefCell::default(),
            keys: RefCell::default(),
            fields: RefCell::default(),
        }
    }

    /// The first reason is kept: what comes after it is its consequence.
    fn refuse<E: ser::Error>(&self, reason: Reason) -> E {
        self.failed.set(true);
        self.reason.borrow_mut().get_or_insert(reason);
        E::custom("refused")
    }

    /// Refuses what a `Serialize` does out of order.
    fn disorder<E: ser::Error>(&self, what: &str) -> E {
        self.refuse(Reason::Other(sanitize::text(what)))
    }

    /// Notes on the way out that the error came from within `segment`.
    fn within<T, E: ser::Error>(&self, result: Result<T, E>, segment: impl FnOnce() -> String) -> Result<T, E> {
        if let Err(error) = &result {
            self.failed.set(true);
            self.reason.borrow_mut().get_or_insert_with(|| Reason::Other(sanitize::text(&error.to_string())));
            self.path.borrow_mut().push(segment());
        }
        result
    }

    /// Refuses to go on after a failure or a panic that the `Serialize` of the value has swallowed.
    ///
    /// `open`: how many values were being written when the array or object was begun.
    #[inline]
    fn go_on<E: ser::Error>(&self, open: usize) -> Result<(), E> {
        if self.failed.get() {
            return Err(E::custom("refused"));
        }
        if self.open.get() != open {
            return Err(self.disorder("a part of it was not written to its end"));
        }
        Ok(())
    }

    /// Refuses a key that must not be in an object at this depth.
    #[inline]
    fn check_key(&self, key: &str, depth: u8) -> Result<(), Reason> {
        if let Some(reserved) = ReservedKey::of(key) {
            return Err(Reason::Reserved(reserved));
        }
        match (self.role, depth) {
            (Role::Payload(meant), 1) => match SpecialVariable::of(key).filter(|_| !meant.contains(&key)) {
                Some(SpecialVariable::Address) => Err(Reason::Address),
                Some(SpecialVariable::Reserved) => Err(Reason::Shadowed),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// The result of writing the value.
    fn whole(self, written: Result<(), serde_json::Error>) -> Result<(), Fault> {
        let text = match written {
            Ok(()) if !self.failed.get() && self.open.get() == 0 => return Ok(()),
            Ok(()) => String::from("a part of it was not written"),
            Err(error) => sanitize::text(&error.to_string()),
        };
        let reason = self.reason.into_inner().unwrap_or(Reason::Other(text));
        let path: String = self.path.into_inner().into_iter().rev().collect();
        Err(Fault { path: sanitize::text(&path), reason })
    }
}

/// A value that was serialized when it was given, or why it could not be.
///
/// Its owner is a builder whose methods do not fail; the fault comes out when the request is formed.
#[derive(Clone)]
pub(crate) enum Json {
    Text(Box<RawValue>),
    Refused(Fault),
}

impl Json {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut out = Vec::with_capacity(64);
        let text = write(value, Role::Data, &mut out).and_then(|()| {
            String::from_utf8(out)
                .map_err(|error| error.to_string())
                .and_then(|text| RawValue::from_string(text).map_err(|error| error.to_string()))
                .map_err(|text| Fault { path: String::new(), reason: Reason::Other(text) })
        });
        match text {
            Ok(text) => Self::Text(text),
            Err(fault) => Self::Refused(fault),
        }
    }

    pub(crate) fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Text(_) => None,
            Self::Refused(fault) => Some(fault),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Refused(fault) => Err(ser::Error::custom(fault)),
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one.get() == two.get(),
            (Self::Refused(one), Self::Refused(two)) => one == two,
            _ => false,
        }
    }
}

/// Says that there is data, not which.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "<{} bytes>", text.get().len()),
            Self::Refused(fault) => write!(f, "<refused: {fault}>"),
        }
    }
}
