//! Helpers for texts.

use super::super::error::{RenderError, fail};
use super::super::helper_call::{HelperCall, Part};
use super::super::value::Value;

type Outcome = Result<Value, RenderError>;

/// Changes a text. `undefined` and `null` print nothing; another value does not have the method.
fn change(call: &HelperCall<'_>, method: &str, change: impl Fn(&str) -> String) -> Outcome {
    match call.arg(0) {
        Value::String(text) => Ok(Value::text(change(&text))),
        Value::Undefined | Value::Null => Ok(Value::Undefined),
        _ => fail(format!("value.{method} is not a function")),
    }
}

pub(super) fn uppercase(call: &mut HelperCall<'_>) -> Outcome {
    change(call, "toUpperCase", str::to_uppercase)
}

pub(super) fn lowercase(call: &mut HelperCall<'_>) -> Outcome {
    change(call, "toLowerCase", str::to_lowercase)
}

pub(super) fn titlecase(call: &mut HelperCall<'_>) -> Outcome {
    change(call, "split", |text| text.split(' ').map(capitalize).collect::<Vec<_>>().join(" "))
}

fn capitalize(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    // JavaScript sees only the first half of a letter outside of the basic plane, which has no other case.
    let is_whole = first.is_some_and(|letter| letter.len_utf16() == 1);
    let mut changed: String = match first {
        Some(letter) if is_whole => letter.to_uppercase().collect(),
        other => other.into_iter().collect(),
    };
    changed.push_str(&letters.as_str().to_lowercase());
    changed
}

pub(super) fn pluralize(call: &mut HelperCall<'_>) -> Outcome {
    let is_one = matches!(call.arg(0), Value::Number(1.0));
    Ok(call.arg(if is_one { 1 } else { 2 }))
}

/// The translation of a key, if the server had translations. A block is its default, and is rendered for nothing.
pub(super) fn i18n(call: &mut HelperCall<'_>) -> Outcome {
    match call.params.as_slice() {
        [] => return fail("Cannot destructure property 'hash' of 'undefined' as it is undefined."),
        [_] => {}
        _ => return fail("Cannot read properties of undefined (reading 'root')"),
    }
    if call.has_block {
        let entries = call.blocks.context().entries().into_iter().chain(call.hash.iter().cloned());
        let context = Value::object(entries.filter(|(key, _)| **key != *"i18next"));
        call.blocks.render(Part::Main, Some(context), None, Value::Undefined)?;
    }
    Ok(Value::Untranslated)
}
