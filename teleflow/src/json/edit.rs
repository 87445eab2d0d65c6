//! Changes members of a JSON object that is already serialized. All others keep their bytes.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::write::write_string;
use crate::invalid::Invalid;

/// The edit of one member of an object.
pub(crate) enum Edit<'a> {
    Keep,
    Remove,
    Replace(Cow<'a, RawValue>),
}

/// Changes members of `json`, which is called `what` in errors. `edit` gets each name with its value, also duplicate names.
///
/// # Errors
///
/// If `json` is not an object, or the first error of `edit`.
pub(crate) fn edit_object<'a>(
    json: &'a RawValue,
    what: &str,
    mut edit: impl FnMut(&str, &'a RawValue) -> Result<Edit<'a>, Invalid>,
) -> Result<Cow<'a, RawValue>, Invalid> {
    let members = members(json).ok_or_else(|| Invalid::new(format!("{what} is not a JSON object")))?;
    let (mut out, mut is_changed) = (vec![b'{'], false);
    for (name, value) in members {
        let value = match edit(&name, value)? {
            Edit::Keep => Cow::Borrowed(value),
            Edit::Remove => {
                is_changed = true;
                continue;
            }
            Edit::Replace(value) => {
                is_changed = true;
                value
            }
        };
        if out.len() > 1 {
            out.push(b',');
        }
        write_string(&name, &mut out);
        out.push(b':');
        out.extend_from_slice(value.get().as_bytes());
    }
    out.push(b'}');
    if !is_changed {
        return Ok(Cow::Borrowed(json));
    }
    let text = String::from_utf8(out).ok().and_then(|text| RawValue::from_string(text).ok());
    text.map(Cow::Owned).ok_or_else(|| Invalid::new(format!("{what} cannot be written")))
}

/// The members of an object. `None` if `json` is not an object.
pub(super) fn members(json: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    serde_json::Deserializer::from_str(json.get()).deserialize_map(Members).ok()
}

/// Reads an object as a list of its members.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
