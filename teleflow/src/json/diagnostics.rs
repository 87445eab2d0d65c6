//! The state that the serializers of one value share: what is rejected, where, and the keys so far.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use serde::ser;
use teleflow_catalog::server_facts::{ReservedKey, SpecialVariable};
use teleflow_http::sanitize;

use super::invalid_value::{InvalidValue, Reason};
use super::known_names;
use super::seen_names::{FieldNames, MapKeys};
use super::write::needs_no_escape;

/// The part of an event that a value is sent as.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// A payload. These address variables and reserved variables are allowed at its top level, and no others.
    Payload(&'static [&'static str]),
    /// Data of a subscriber or a tenant, or an override.
    Data,
}

pub(super) struct Diagnostics {
    role: Role,
    /// A part of the value has been rejected, even if its `Serialize` swallows the error. The output is not JSON.
    failed: Cell<bool>,
    /// How many nested values are being serialized. A caught panic leaves it too high.
    open_values: Cell<usize>,
    /// The first reason. The errors after it are consequences.
    reason: RefCell<Option<Reason>>,
    /// Segments of the path to the rejected value, innermost first.
    path: RefCell<Vec<String>>,
    /// The keys of the open maps.
    pub(super) keys: RefCell<MapKeys>,
    /// The field names of the open structs.
    pub(super) fields: RefCell<FieldNames>,
    /// The bytes of the values that are marked as sensitive.
    pub(super) marked: RefCell<Vec<Range<usize>>>,
}

impl Diagnostics {
    pub(super) fn new(role: Role) -> Self {
        Self {
            role,
            failed: Cell::new(false),
            open_values: Cell::new(0),
            reason: RefCell::default(),
            path: RefCell::default(),
            keys: RefCell::default(),
            fields: RefCell::default(),
            marked: RefCell::default(),
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    #[inline]
    pub(super) fn open_values(&self) -> usize {
        self.open_values.get()
    }

    /// Counts a value as open while `serialize` runs. If that panics, the count stays too high.
    #[inline]
    pub(super) fn open_while<T>(&self, serialize: impl FnOnce() -> T) -> T {
        let open = self.open_values.get();
        self.open_values.set(open + 1);
        let result = serialize();
        self.open_values.set(open);
        result
    }

    #[cold]
    pub(super) fn reject<E: ser::Error>(&self, reason: Reason) -> E {
        self.failed.set(true);
        self.reason.borrow_mut().get_or_insert(reason);
        E::custom("rejected")
    }

    /// Rejects a `Serialize` that does not follow serde's rules.
    pub(super) fn reject_misuse<E: ser::Error>(&self, what: &str) -> E {
        self.reject(Reason::Custom(sanitize::text(what)))
    }

    /// Adds `segment` to the path of an error.
    #[inline]
    pub(super) fn locate<T, E: ser::Error>(
        &self,
        result: Result<T, E>,
        segment: impl FnOnce() -> String,
    ) -> Result<T, E> {
        result.inspect_err(|error| self.locate_error(error, segment()))
    }

    #[cold]
    fn locate_error(&self, error: &impl ser::Error, segment: String) {
        self.failed.set(true);
        self.reason.borrow_mut().get_or_insert_with(|| Reason::Custom(sanitize::text(&error.to_string())));
        self.add_segment(segment);
    }

    pub(super) fn add_segment(&self, segment: String) {
        self.path.borrow_mut().push(segment);
    }

    /// Removes the path inside a sensitive value, which may contain its keys.
    #[cold]
    pub(super) fn clear_path(&self) {
        self.path.borrow_mut().clear();
    }

    /// Rejects the value if its `Serialize` has swallowed an error or a panic.
    ///
    /// `open_values` is the count from when the array or object was opened.
    #[inline]
    pub(super) fn check_not_swallowed<E: ser::Error>(&self, open_values: usize) -> Result<(), E> {
        if self.failed.get() {
            return Err(E::custom("rejected"));
        }
        if self.open_values.get() != open_values {
            return Err(self.reject_misuse("a part of it is not serialized to its end"));
        }
        Ok(())
    }

    /// Rejects a key that is not allowed in an object at this depth.
    #[inline]
    pub(super) fn check_key(&self, key: &str, depth: u8) -> Result<(), Reason> {
        if let Some(reserved) = ReservedKey::of(key) {
            return Err(Reason::ReservedKey(reserved));
        }
        match (self.role, depth) {
            (Role::Payload(allowed), 1) => match SpecialVariable::of(key).filter(|_| !allowed.contains(&key)) {
                Some(SpecialVariable::Address) => Err(Reason::Address),
                Some(SpecialVariable::Reserved) => Err(Reason::Shadowed),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Rejects the name of a field as [`check_key`](Self::check_key) does. Returns whether it needs no escape.
    #[cold]
    pub(super) fn check_name<E: ser::Error>(&self, name: &'static str, depth: u8) -> Result<bool, E> {
        self.check_key(name, depth).map_err(|reason| self.reject(reason))?;
        let is_plain = needs_no_escape(name.as_bytes());
        if is_plain && SpecialVariable::of(name).is_none() {
            known_names::add(name);
        }
        Ok(is_plain)
    }

    /// The result for the whole value.
    pub(super) fn finish(&self, result: Result<(), serde_json::Error>) -> Result<(), InvalidValue> {
        match result {
            Ok(()) if !self.failed.get() && self.open_values.get() == 0 => Ok(()),
            Ok(()) => Err(self.invalid(String::from("a part of it is missing"))),
            Err(error) => Err(self.invalid(sanitize::text(&error.to_string()))),
        }
    }

    /// The first reason, or else this one.
    fn invalid(&self, reason: String) -> InvalidValue {
        let reason = self.reason.take().unwrap_or(Reason::Custom(reason));
        let path: String = self.path.take().into_iter().rev().collect();
        InvalidValue { path: sanitize::text(&path), reason }
    }
}
