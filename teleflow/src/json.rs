//! Values of the application's, written as JSON, and what is refused in them.
//!
//! A [`Guard`] stands between serde and `serde_json` and looks at what passes. Nothing is built in
//! between, so the checks cost little more than the serialization itself.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::shown;

mod compound;
mod guard;
mod key;

use guard::Guard;

/// Nesting beyond this is refused: the server answers 500 to deep values.
const DEEPEST: u8 = 100;
/// Beyond ±2^53 the server, which is written in JavaScript, rounds an integer.
const LARGEST: u64 = 1 << 53;

/// Why a value was refused, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    path: String,
    why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// The value itself is no object.
    NoObject,
    /// A key that the server strips or fails over.
    Key,
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
        match &self.why {
            Why::NoObject => format!("`{name}{path}` is not a JSON object, which it has to be"),
            Why::Key => format!(
                "`{name}{path}` has a name that the server cannot take: it strips `__proto__` and fails over `constructor`"
            ),
            Why::Integer => format!(
                "`{name}{path}` is an integer beyond ±2^53, which the server rounds; send it as text with \
                 `#[serde(with = \"teleflow::as_string\")]`"
            ),
            Why::NotANumber => format!("`{name}{path}` is NaN or infinite, which JSON cannot hold"),
            Why::Depth => format!("`{name}` is nested deeper than {DEEPEST} levels"),
            Why::Other(text) => format!("`{name}{path}` could not be serialized: {text}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of(""))
    }
}

/// Writes `value`, a JSON object, at the end of `out`. After a fault `out` is as it was.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Fault> {
    let start = out.len();
    let watch = Watch::default();
    let written = value.serialize(Guard::root(&mut serde_json::Serializer::new(&mut *out), &watch));
    written.map_err(|error| {
        out.truncate(start);
        watch.fault(&error)
    })
}

/// Writes a text as a JSON string.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and a `str` has nothing that JSON could not hold.
    let _ = serde_json::to_writer(out, text);
}

/// What the guards of one value share.
#[derive(Default)]
struct Watch {
    why: Cell<Option<Why>>,
    /// Segments of the way to the fault, the innermost first.
    path: RefCell<Vec<String>>,
}

impl Watch {
    fn refuse<E: ser::Error>(&self, why: Why) -> E {
        self.why.set(Some(why));
        E::custom("refused")
    }

    /// Notes on the way out that the error came from within `segment`.
    fn within<T, E>(&self, result: Result<T, E>, segment: impl FnOnce() -> String) -> Result<T, E> {
        if result.is_err() {
            self.path.borrow_mut().push(segment());
        }
        result
    }

    fn fault(self, error: &serde_json::Error) -> Fault {
        let why = self.why.take().unwrap_or_else(|| Why::Other(shown::text(&error.to_string())));
        let path: String = self.path.into_inner().into_iter().rev().collect();
        Fault { path: shown::text(&path), why }
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
        let text = write(value, &mut out).and_then(|()| {
            String::from_utf8(out)
                .map_err(|error| error.to_string())
                .and_then(|text| RawValue::from_string(text).map_err(|error| error.to_string()))
                .map_err(|text| Fault { path: String::new(), why: Why::Other(text) })
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
