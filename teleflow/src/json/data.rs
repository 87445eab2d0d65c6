//! Data of a subscriber or a tenant, or an override: serialized when it is set.

use std::fmt;

use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;

use super::diagnostics::Role;
use super::invalid_value::{InvalidValue, Reason};
use super::serializer::write_object;

/// A value that was serialized when it was set, or why it cannot be.
///
/// The setters of its owner do not fail. The error is returned when the request is built.
#[derive(Clone)]
pub(crate) enum JsonData {
    Valid(Box<RawValue>),
    Invalid(InvalidValue),
}

impl JsonData {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut out = Vec::with_capacity(64);
        let json = write_object(value, Role::Data, &mut out).and_then(|_| {
            String::from_utf8(out)
                .map_err(|error| error.to_string())
                .and_then(|text| RawValue::from_string(text).map_err(|error| error.to_string()))
                .map_err(|text| InvalidValue { path: String::new(), reason: Reason::Custom(text) })
        });
        match json {
            Ok(json) => Self::Valid(json),
            Err(invalid) => Self::Invalid(invalid),
        }
    }

    pub(crate) fn validate(&self) -> Result<(), &InvalidValue> {
        match self {
            Self::Valid(_) => Ok(()),
            Self::Invalid(invalid) => Err(invalid),
        }
    }
}

impl Serialize for JsonData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Valid(json) => json.serialize(serializer),
            Self::Invalid(invalid) => Err(ser::Error::custom(invalid)),
        }
    }
}

impl PartialEq for JsonData {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Valid(one), Self::Valid(two)) => one.get() == two.get(),
            (Self::Invalid(one), Self::Invalid(two)) => one == two,
            _ => false,
        }
    }
}

/// Shows the size, not the content.
impl fmt::Debug for JsonData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid(json) => write!(f, "<{} bytes>", json.get().len()),
            Self::Invalid(invalid) => write!(f, "<invalid: {invalid}>"),
        }
    }
}
