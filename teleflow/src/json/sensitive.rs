//! Where the sensitive values of a payload are.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::edit::members;
use super::invalid_value::{InvalidValue, MAX_DEPTH};
use super::marks::Marks;
use crate::invalid::Invalid;

/// The fields of a struct that are sensitive, by their wire names. Generated code contains it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum SensitiveFields {
    /// These.
    Only(&'static [&'static str]),
    /// All but these, because a flattened field is sensitive.
    AllExcept(&'static [&'static str]),
}

impl SensitiveFields {
    fn contains(self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::AllExcept(names) => !names.contains(&name),
        }
    }

    /// Removes the part of an error's path that is inside a sensitive field: its keys may be values of the application.
    pub(crate) fn cut_path(self, mut invalid: InvalidValue) -> InvalidValue {
        let path = invalid.path.strip_prefix('.').unwrap_or_default();
        let is_inside = |name: &&&str| {
            path.strip_prefix(**name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        match self {
            Self::Only(names) => {
                if let Some(name) = names.iter().find(is_inside) {
                    invalid.path = format!(".{name}");
                }
            }
            Self::AllExcept(names) if names.iter().any(|name| is_inside(&name)) => {}
            Self::AllExcept(_) => invalid.path.clear(),
        }
        invalid
    }
}

/// JSON pointers (RFC 6901) from the payload to its sensitive values. The empty pointer is the whole payload.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SensitivePaths(Vec<String>);

impl SensitivePaths {
    /// Finds the sensitive values of a payload: those of `fields`, and those that were marked while `json` was written. If
    /// one cannot be found, the whole payload is sensitive.
    #[inline]
    pub(crate) fn of(json: &[u8], fields: SensitiveFields, marks: Marks) -> Self {
        match fields {
            SensitiveFields::Only([]) if marks.ranges.is_empty() && !marks.are_incomplete => Self::default(),
            fields => Self::find(json, fields, marks).unwrap_or_else(|| Self(vec![String::new()])),
        }
    }

    #[cold]
    fn find(json: &[u8], fields: SensitiveFields, marks: Marks) -> Option<Self> {
        if marks.are_incomplete {
            return None;
        }
        let json = str::from_utf8(json).ok()?;
        let mut search = Search { start: json.as_ptr().addr(), marks: outermost(marks.ranges), found: Vec::new() };
        let root: &RawValue = serde_json::from_str(json).ok()?;
        search.visit(root, "", Some(fields))?;
        search.marks.is_empty().then_some(Self(search.found))
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    ///
    /// If one of them is not a JSON pointer, or leads deeper than a payload can be.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        for path in &self.0 {
            if !path.is_empty() && !path.starts_with('/') {
                return Err(Invalid::new("a sensitive path of the stored request is not a JSON pointer"));
            }
            // `redact` is recursive.
            if path.matches('/').count() > usize::from(MAX_DEPTH) {
                return Err(Invalid::new("a sensitive path of the stored request is too deep"));
            }
        }
        Ok(())
    }
}

/// Shows how many there are. The key of a map may be a value of the application.
impl fmt::Debug for SensitivePaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} paths>", self.0.len())
    }
}

/// Removes the ranges that are inside of others. The last range is the first of the result.
fn outermost(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    ranges.retain(|range| {
        let is_outermost = range.end > end;
        end = end.max(range.end);
        is_outermost
    });
    ranges.reverse();
    ranges
}

/// Visits the values of a payload in their order.
struct Search {
    /// The address of the payload.
    start: usize,
    /// The marked values that follow, the next one at the end.
    marks: Vec<Range<usize>>,
    found: Vec<String>,
}

impl Search {
    /// `None` if a marked value is not a value of the payload. `fields`: those of the payload itself.
    fn visit(&mut self, value: &RawValue, path: &str, fields: Option<SensitiveFields>) -> Option<()> {
        let start = value.get().as_ptr().addr().checked_sub(self.start)?;
        let end = start + value.get().len();
        let next = self.marks.last().filter(|next| next.start < end);
        if next.is_some_and(|next| next.start <= start && end <= next.end) {
            return self.add(path, end);
        }
        if next.is_none() && fields.is_none() {
            return Some(());
        }
        match value.get().as_bytes().first() {
            Some(b'{') => members(value)?.into_iter().try_for_each(|(name, value)| {
                let path = format!("{path}/{}", escaped(&name));
                match fields {
                    Some(fields) if fields.contains(&name) => {
                        let after = value.get().as_ptr().addr().checked_sub(self.start)? + value.get().len();
                        self.add(&path, after)
                    }
                    _ => self.visit(value, &path, None),
                }
            }),
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
                let mut elements = elements.into_iter().enumerate();
                elements.try_for_each(|(index, element)| self.visit(element, &format!("{path}/{index}"), None))
            }
            _ => None,
        }
    }

    /// Adds the value that ends here. The marked values inside of it need no path of their own.
    fn add(&mut self, path: &str, end: usize) -> Option<()> {
        self.found.push(path.to_owned());
        while self.marks.pop_if(|next| next.end <= end).is_some() {}
        Some(())
    }
}

/// A key as a part of a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
