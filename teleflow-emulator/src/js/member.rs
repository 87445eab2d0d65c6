//! A value at a path, and how JavaScript compares it.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};
use teleflow_template::{parse_date, parse_number};

use super::prototype::inherits_function;
use super::text::to_text;
use super::value::property;

/// The result of `value[key]`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Member<'a> {
    Undefined,
    Value(Cow<'a, Value>),
    /// A number, also NaN.
    Number(f64),
    /// An inherited function with this name.
    Function(String),
}

impl<'a> Member<'a> {
    /// A field: `None` is `undefined`.
    pub(crate) fn of(value: Option<&'a Value>) -> Self {
        value.map_or(Self::Undefined, |value| Self::Value(Cow::Borrowed(value)))
    }

    /// The value in JSON, if it has one.
    pub(crate) fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Undefined | Self::Number(_) | Self::Function(_) => None,
        }
    }
}

impl From<String> for Member<'_> {
    fn from(text: String) -> Self {
        Self::Value(Cow::Owned(text.into()))
    }
}

impl From<bool> for Member<'_> {
    fn from(flag: bool) -> Self {
        Self::Value(Cow::Owned(flag.into()))
    }
}

/// lodash's `get(value, path)` for a path with a dot or a bracket: `items[0].name`, `items.0.name`, `user["name"]`.
pub(crate) fn member_at<'a>(value: &'a Value, path: &str) -> Member<'a> {
    path_names(path).iter().fold(Member::of(Some(value)), |member, name| match member {
        Member::Value(Cow::Borrowed(value)) => member_of(value, name),
        Member::Value(Cow::Owned(value)) => into_owned(member_of(&value, name)),
        Member::Function(function) if name == "name" => function.into(),
        Member::Undefined | Member::Number(_) | Member::Function(_) => Member::Undefined,
    })
}

fn into_owned(member: Member<'_>) -> Member<'static> {
    match member {
        Member::Undefined => Member::Undefined,
        Member::Value(value) => Member::Value(Cow::Owned(value.into_owned())),
        Member::Number(number) => Member::Number(number),
        Member::Function(name) => Member::Function(name),
    }
}

fn member_of<'a>(value: &'a Value, name: &str) -> Member<'a> {
    match property(value, name) {
        Some(value) => Member::Value(value),
        None if name == "__proto__" && !value.is_null() => Member::Value(Cow::Owned(Map::new().into())),
        None if name == "constructor" && !value.is_null() => Member::Function(type_name(value).to_owned()),
        None if inherits_function(value, name) => Member::Function(name.to_owned()),
        None => Member::Undefined,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "Array",
        Value::String(_) => "String",
        Value::Number(_) => "Number",
        Value::Bool(_) => "Boolean",
        Value::Object(_) | Value::Null => "Object",
    }
}

/// The names in a path: lodash's `stringToPath`.
fn path_names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    if path.starts_with('.') {
        names.push(String::new());
    }
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let plain = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        if let (1.., Some((name, after))) = (plain, rest.split_at_checked(plain)) {
            names.push(name.to_owned());
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('[').and_then(bracketed) {
            names.push(name);
            rest = after;
        } else {
            if has_empty_name(rest) {
                names.push(String::new());
            }
            rest = rest.strip_prefix(first).unwrap_or_default();
        }
    }
    names
}

/// Whether a name is missing here: between two dots, or after the last one.
fn has_empty_name(rest: &str) -> bool {
    let after = |text: &'_ str| text.strip_prefix('.').or_else(|| text.strip_prefix("[]")).map(str::to_owned);
    after(rest).is_some_and(|next| next.is_empty() || after(&next).is_some())
}

/// The number or the quoted name after a `[`, and the text after the `]`.
fn bracketed(text: &str) -> Option<(String, &str)> {
    let (number, after) = text.split_once(']')?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits.split_once('.').map_or_else(|| is_digits(digits), |(whole, part)| is_digits(whole) && is_digits(part)) {
        return Some((number.to_owned(), after));
    }
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (mut name, mut characters) = (String::new(), text.chars());
    characters.next();
    loop {
        match characters.next()? {
            '\\' => name.push(characters.next()?),
            end if end == quote => return Some((name, characters.as_str().strip_prefix(']')?)),
            other => name.push(other),
        }
    }
}

/// `new Date(value).getTime()`.
pub(crate) fn to_date(value: &Member<'_>) -> f64 {
    match value.value() {
        Some(Value::String(_) | Value::Array(_)) => {
            let millis = value.value().and_then(|value| parse_date(&to_text(value)));
            millis.map_or(f64::NAN, |millis| millis as f64)
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) => primitive(value).number(),
        Some(Value::Object(_)) | None => f64::NAN,
    }
}

/// `left === right`.
pub(crate) fn is_identical(left: &Member<'_>, right: &Member<'_>) -> bool {
    match (left, right) {
        (Member::Undefined, Member::Undefined) => true,
        (Member::Value(left), Member::Value(right)) => match (&**left, &**right) {
            (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
            (Value::Array(_) | Value::Object(_), _) => false,
            (left, right) => left == right,
        },
        (Member::Value(value), Member::Number(number)) | (Member::Number(number), Member::Value(value)) => {
            value.as_f64() == Some(*number)
        }
        _ => false,
    }
}

/// How `left < right` and the other three operators order two values. `None` if all are false.
pub(crate) fn compare(left: &Member<'_>, right: &Member<'_>) -> Option<Ordering> {
    match (primitive(left), primitive(right)) {
        (Primitive::Text(left), Primitive::Text(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (left, right) => left.number().partial_cmp(&right.number()),
    }
}

enum Primitive<'a> {
    Text(Cow<'a, str>),
    Number(f64),
}

impl Primitive<'_> {
    fn number(&self) -> f64 {
        match self {
            Self::Text(text) => parse_number(text),
            Self::Number(number) => *number,
        }
    }
}

fn primitive<'a>(member: &'a Member<'_>) -> Primitive<'a> {
    match member {
        Member::Undefined => Primitive::Number(f64::NAN),
        Member::Number(number) => Primitive::Number(*number),
        Member::Function(name) => Primitive::Text(format!("function {name}() {{ [native code] }}").into()),
        Member::Value(value) => match &**value {
            Value::Null => Primitive::Number(0.0),
            Value::Bool(flag) => Primitive::Number(f64::from(u8::from(*flag))),
            Value::Number(number) => Primitive::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => Primitive::Text(text.into()),
            Value::Array(_) | Value::Object(_) => Primitive::Text(to_text(value).into()),
        },
    }
}
