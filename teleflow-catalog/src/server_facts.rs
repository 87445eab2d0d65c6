//! Names and numbers that the server treats specially, each in one place: the derive, the serializer, the command line and the
//! emulator read them here.

use crate::const_str::{contains, is_same};

/// The largest integer, 2^53, that the server reads as it is sent, with either sign. It rounds integers beyond it.
// Source: the server is written in JavaScript, whose numbers are doubles.
pub const LARGEST_INTEGER: u64 = 1 << 53;

/// What the server does to an object with a reserved key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservedKey {
    /// It answers 500.
    Fails,
    /// It removes the key and its value, and says nothing.
    Stripped,
    /// It accepts the event, and its worker loses it.
    LosesEvent,
}

/// The keys that name a function of JavaScript's `Object.prototype`, and `__proto__`.
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

impl ReservedKey {
    /// What the server does to an object with this key, at any depth; `None` if it keeps the key.
    #[must_use]
    pub const fn of(key: &str) -> Option<Self> {
        if is_same(key, "constructor") {
            return Some(Self::Fails);
        }
        // The worker stores payloads as BSON: `_bsontype` marks BSON's own types, and keys end with NUL.
        if is_same(key, "_bsontype") || has_nul(key) {
            return Some(Self::LosesEvent);
        }
        if contains(&STRIPPED, key) { Some(Self::Stripped) } else { None }
    }

    /// What the server does, as the end of a sentence about the key.
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::Fails => "the server answers 500 to an event that has it",
            Self::Stripped => "the server removes it",
            Self::LosesEvent => "the server loses the event that has it",
        }
    }
}

/// Top-level variables of a payload that the server takes for an address, which then replaces the subscriber's own.
// Source: send-message-email.usecase.ts, send-message-sms.usecase.ts, send-message-chat.usecase.ts.
pub const ADDRESS_VARIABLES: [&str; 3] = ["email", "phone", "webhookUrl"];

/// What the server sends to the address in each of the [`ADDRESS_VARIABLES`].
const SENT_THERE: [&str; 3] = ["e-mails", "text messages", "chat messages"];

/// What the server sends to the address in a top-level variable of this name; `None` if it is not one of the
/// [`ADDRESS_VARIABLES`].
#[must_use]
pub fn sent_to_address(name: &str) -> Option<&'static str> {
    let mut pairs = ADDRESS_VARIABLES.into_iter().zip(SENT_THERE);
    pairs.find(|(address, _)| *address == name).map(|(_, what)| what)
}

/// Is this top-level name one of the [`ADDRESS_VARIABLES`]?
#[must_use]
pub const fn is_address_variable(name: &str) -> bool {
    contains(&ADDRESS_VARIABLES, name)
}

/// Top-level variables that the server fills in itself when it renders a template: in templates they hide the
/// payload's own.
pub const RESERVED_VARIABLES: [&str; 6] = ["subscriber", "step", "branding", "tenant", "preheader", "actor"];

/// Is this top-level name one of the [`RESERVED_VARIABLES`]?
#[must_use]
pub const fn is_reserved_variable(name: &str) -> bool {
    contains(&RESERVED_VARIABLES, name)
}

/// What a top-level variable of this name means to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialVariable {
    /// One of the [`ADDRESS_VARIABLES`].
    Address,
    /// One of the [`RESERVED_VARIABLES`].
    Reserved,
}

/// The [`ADDRESS_VARIABLES`] and the [`RESERVED_VARIABLES`].
pub const SPECIAL_VARIABLES: [&str; 9] = {
    let ([email, phone, webhook], [a, b, c, d, e, f]) = (ADDRESS_VARIABLES, RESERVED_VARIABLES);
    [email, phone, webhook, a, b, c, d, e, f]
};

impl SpecialVariable {
    /// The meaning of a top-level variable of this name, if it has one.
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

/// Variables that only e-mail templates fill in themselves.
pub const EMAIL_VARIABLES: [&str; 3] = ["subject", "body", "blocks"];

/// Why the server cannot find a workflow by a trigger identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerFault {
    /// It has only whitespace, or nothing.
    Blank,
    /// It has a control character.
    Control,
    /// Whitespace is at one of its ends.
    Whitespace,
}

impl TriggerFault {
    /// The first fault of a trigger identifier, if it has one.
    #[must_use]
    pub fn of(trigger: &str) -> Option<Self> {
        let trimmed = trigger.trim();
        if trimmed.is_empty() {
            Some(Self::Blank)
        } else if trigger.contains(char::is_control) {
            Some(Self::Control)
        } else if trimmed.len() != trigger.len() {
            Some(Self::Whitespace)
        } else {
            None
        }
    }

    /// The fault in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Blank => "the trigger identifier is blank",
            Self::Control => "the trigger identifier has a line break or another control character",
            Self::Whitespace => "the trigger identifier starts or ends with whitespace",
        }
    }
}

const fn has_nul(key: &str) -> bool {
    let mut rest = key.as_bytes();
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
    use super::{ReservedKey, TriggerFault};

    #[test]
    fn trigger_identifiers_are_one_line_without_whitespace_around() {
        for (trigger, fault) in [
            ("", Some(TriggerFault::Blank)),
            (" \n", Some(TriggerFault::Blank)),
            ("a\nb", Some(TriggerFault::Control)),
            ("\tab", Some(TriggerFault::Control)),
            ("a\u{7f}", Some(TriggerFault::Control)),
            (" a", Some(TriggerFault::Whitespace)),
            ("a\u{a0}", Some(TriggerFault::Whitespace)),
            ("a", None),
            ("order shipped: ü/\"", None),
        ] {
            assert_eq!(TriggerFault::of(trigger), fault, "{trigger:?}");
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
