//! Names and numbers that the server treats specially. The derive, the serializer, the command line and the emulator import
//! them from this module.

use std::error::Error;
use std::fmt;

use crate::const_str::{contains, is_same};

/// The largest magnitude of an integer that the server reads exactly: 2^53. It rounds larger integers.
// Source: the server is written in JavaScript, whose numbers are doubles.
pub const LARGEST_INTEGER: u64 = 1 << 53;

/// A key that the server does not keep, by what the server does to an object that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservedKey {
    /// The server answers 500.
    Fails,
    /// The server removes the key and its value without an error.
    Stripped,
    /// The server accepts the event, but its worker loses it.
    LosesEvent,
}

/// The names of the functions of JavaScript's `Object.prototype`, and `__proto__`.
// Source: class-transformer in the API skips a key whose value on the prototype is a function.
const STRIPPED: [&str; 11] = [
    "__proto__",
    "toString",
    "toLocaleString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

const FAILS: &str = "constructor";
/// Marks BSON's own types.
const LOSES_EVENT: &str = "_bsontype";

/// A bit for each length of a reserved key.
const RESERVED_LENGTHS: u64 = {
    let mut lengths = (1 << FAILS.len()) | (1 << LOSES_EVENT.len());
    let mut rest: &[&str] = &STRIPPED;
    while let [key, others @ ..] = rest {
        lengths |= 1 << key.len();
        rest = others;
    }
    lengths
};

impl ReservedKey {
    /// Classifies a key at any depth of an object; `None` if the server keeps the key.
    #[must_use]
    #[inline]
    pub const fn of(key: &str) -> Option<Self> {
        // NUL ends a key of BSON, which is how the worker stores payloads.
        if has_nul(key) {
            return Some(Self::LosesEvent);
        }
        // Most keys are told apart by their length. The library checks every key of a payload.
        if key.len() >= 64 || RESERVED_LENGTHS & (1 << key.len()) == 0 {
            return None;
        }
        Self::of_that_length(key)
    }

    const fn of_that_length(key: &str) -> Option<Self> {
        if is_same(key, FAILS) {
            Some(Self::Fails)
        } else if is_same(key, LOSES_EVENT) {
            Some(Self::LosesEvent)
        } else if contains(&STRIPPED, key) {
            Some(Self::Stripped)
        } else {
            None
        }
    }

    /// The effect of the key, as a clause about it: "the server removes it".
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::Fails => "the server answers 500 to an event that has it",
            Self::Stripped => "the server removes it",
            Self::LosesEvent => "the server loses an event that has it",
        }
    }
}

/// Top-level variables of a payload that the server uses as the address of the recipient, instead of the subscriber's own.
// Source: send-message-email.usecase.ts, send-message-sms.usecase.ts, send-message-chat.usecase.ts.
pub const ADDRESS_VARIABLES: [&str; 3] = ["email", "phone", "webhookUrl"];

/// The messages that the server sends to the address in each of the [`ADDRESS_VARIABLES`].
const ADDRESS_MESSAGES: [&str; 3] = ["e-mails", "text messages", "chat messages"];

/// The messages that the server sends to the address in this top-level variable: "e-mails"; `None` if it is not one of the
/// [`ADDRESS_VARIABLES`].
#[must_use]
pub fn sent_to_address(name: &str) -> Option<&'static str> {
    let mut pairs = ADDRESS_VARIABLES.into_iter().zip(ADDRESS_MESSAGES);
    pairs.find(|(address, _)| *address == name).map(|(_, what)| what)
}

/// Returns whether this top-level name is one of the [`ADDRESS_VARIABLES`].
#[must_use]
pub const fn is_address_variable(name: &str) -> bool {
    contains(&ADDRESS_VARIABLES, name)
}

/// Top-level variables that the server sets when it renders a template. They hide the payload's variables of the same name.
pub const RESERVED_VARIABLES: [&str; 6] = ["subscriber", "step", "branding", "tenant", "preheader", "actor"];

/// Returns whether this top-level name is one of the [`RESERVED_VARIABLES`].
#[must_use]
pub const fn is_reserved_variable(name: &str) -> bool {
    contains(&RESERVED_VARIABLES, name)
}

/// A top-level variable of a payload that the server treats specially.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialVariable {
    /// One of the [`ADDRESS_VARIABLES`].
    Address,
    /// One of the [`RESERVED_VARIABLES`].
    Reserved,
}

/// The [`ADDRESS_VARIABLES`], then the [`RESERVED_VARIABLES`].
pub const SPECIAL_VARIABLES: [&str; 9] = {
    let ([email, phone, webhook], [a, b, c, d, e, f]) = (ADDRESS_VARIABLES, RESERVED_VARIABLES);
    [email, phone, webhook, a, b, c, d, e, f]
};

impl SpecialVariable {
    /// Classifies a top-level name; `None` if the server does not treat it specially.
    #[must_use]
    pub const fn of(name: &str) -> Option<Self> {
        if is_address_variable(name) {
            Some(Self::Address)
        } else if is_reserved_variable(name) {
            Some(Self::Reserved)
        } else {
            None
        }
    }
}

/// Variables that the server sets in the content and the layout of an e-mail only.
pub const EMAIL_VARIABLES: [&str; 3] = ["subject", "body", "blocks"];

/// Why a trigger identifier cannot name a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidTriggerId {
    /// It is empty or has only whitespace.
    Blank,
    /// It has a line break or another control character.
    ControlCharacter,
    /// It starts or ends with whitespace.
    OuterWhitespace,
}

impl InvalidTriggerId {
    /// The error as a sentence without a full stop.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Blank => "a trigger identifier must not be blank",
            Self::ControlCharacter => "a trigger identifier must not have a line break or another control character",
            Self::OuterWhitespace => "a trigger identifier must not start or end with whitespace",
        }
    }
}

impl fmt::Display for InvalidTriggerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Error for InvalidTriggerId {}

/// Checks a trigger identifier.
///
/// # Errors
///
/// The first rule that the identifier violates.
pub fn validate_trigger_id(trigger: &str) -> Result<(), InvalidTriggerId> {
    let trimmed = trigger.trim();
    if trimmed.is_empty() {
        Err(InvalidTriggerId::Blank)
    } else if trigger.contains(char::is_control) {
        Err(InvalidTriggerId::ControlCharacter)
    } else if trimmed.len() != trigger.len() {
        Err(InvalidTriggerId::OuterWhitespace)
    } else {
        Ok(())
    }
}

#[inline]
const fn has_nul(key: &str) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut rest = key.as_bytes();
    // Eight bytes at once: the highest bit of a byte is set if it is the lowest one that is zero.
    while let Some((chunk, others)) = rest.split_first_chunk() {
        let bytes = u64::from_le_bytes(*chunk);
        if bytes.wrapping_sub(ONES) & !bytes & (ONES << 7) != 0 {
            return true;
        }
        rest = others;
    }
    while let [first, others @ ..] = rest {
        if *first == 0 {
            return true;
        }
        rest = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{InvalidTriggerId, ReservedKey, validate_trigger_id};

    #[test]
    fn trigger_identifiers_are_one_line_without_outer_whitespace() {
        for (trigger, expected) in [
            ("", Err(InvalidTriggerId::Blank)),
            (" \n", Err(InvalidTriggerId::Blank)),
            ("a\nb", Err(InvalidTriggerId::ControlCharacter)),
            ("\tab", Err(InvalidTriggerId::ControlCharacter)),
            ("a\u{7f}", Err(InvalidTriggerId::ControlCharacter)),
            (" a", Err(InvalidTriggerId::OuterWhitespace)),
            ("a\u{a0}", Err(InvalidTriggerId::OuterWhitespace)),
            ("a", Ok(())),
            ("order shipped: ü/\"", Ok(())),
        ] {
            assert_eq!(validate_trigger_id(trigger), expected, "{trigger:?}");
        }
    }

    #[test]
    fn keys_that_the_server_does_not_keep_are_reserved() {
        for key in super::STRIPPED {
            assert_eq!(ReservedKey::of(key), Some(ReservedKey::Stripped), "{key}");
        }
        assert_eq!(ReservedKey::of("constructor"), Some(ReservedKey::Fails));
        for key in ["_bsontype", "\0", "a\0", "\0a"] {
            assert_eq!(ReservedKey::of(key), Some(ReservedKey::LosesEvent), "{key:?}");
        }
    }

    #[test]
    fn keys_that_the_server_keeps_are_not_reserved() {
        for key in ["", "$set", "a.b", "_id", "__v", "$ref", "toJSON", "then", "tostring", "Constructor", "prototype"] {
            assert_eq!(ReservedKey::of(key), None, "{key}");
        }
    }
}
