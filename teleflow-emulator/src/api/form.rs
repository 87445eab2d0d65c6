//! `application/x-www-form-urlencoded` bodies and query strings: every scalar is a string, brackets mean nesting.
//!
//! Source: the `qs` package, its common features only.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Brackets below this depth are part of the last key, as in `qs`.
const MAX_DEPTH: usize = 5;

/// The decoded pairs of a form or a query string.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Parses a form as an object.
pub(crate) fn parse(text: &str) -> Value {
    let mut root = Value::Object(Map::new());
    for (name, value) in pairs(text) {
        let path = key_path(&name);
        if path.first().is_some_and(|key| !key.is_empty()) {
            insert(&mut root, &path, value);
        }
    }
    root
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Splits `a[b][0]` into `a`, `b`, `0`.
fn key_path(name: &str) -> Vec<&str> {
    let Some((first, mut rest)) = name.split_once('[') else {
        return vec![name];
    };
    let mut path = vec![first];
    while path.len() <= MAX_DEPTH {
        let Some((key, after)) = rest.split_once(']') else {
            break;
        };
        path.push(key);
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => break,
        }
    }
    path
}

fn insert(target: &mut Value, path: &[&str], text: String) {
    let Some((key, rest)) = path.split_first() else {
        *target = join(target.take(), text);
        return;
    };
    if key.is_empty() || key.parse::<usize>().is_ok() {
        if target.is_null() {
            *target = Value::Array(Vec::new());
        }
        if let Value::Array(items) = target {
            let index = key.parse().unwrap_or(items.len()).min(items.len());
            if index == items.len() {
                items.push(Value::Null);
            }
            if let Some(item) = items.get_mut(index) {
                insert(item, rest, text);
            }
            return;
        }
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(map) = target {
        insert(map.entry(*key).or_insert(Value::Null), rest, text);
    }
}

/// A name with two values becomes an array.
fn join(present: Value, text: String) -> Value {
    match present {
        Value::Null => text.into(),
        Value::Array(mut items) => {
            items.push(text.into());
            items.into()
        }
        single => vec![single, text.into()].into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_nest_and_repeated_names_make_arrays() {
        assert_eq!(
            parse("name=a+b&to[subscriberId]=x%20y&events[0][name]=w&tag=1&tag=2&list[]=1&list[]=2&flag"),
            json!({
                "name": "a b", "to": { "subscriberId": "x y" }, "events": [{ "name": "w" }],
                "tag": ["1", "2"], "list": ["1", "2"], "flag": ""
            })
        );
    }
}
