//! Compares JSON with a recording, in which `<uuid>`, `<storagePath>` and `<timestamp>` are wildcards.

use serde_json::Value;
use uuid::Uuid;

/// All differences between two values, as `path: expected …, got …`.
pub(crate) fn differences(path: &str, expected: &Value, got: &Value) -> Vec<String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let missing = expected.keys().filter(|key| !got.contains_key(*key));
            let missing = missing.map(|key| format!("{path}.{key}: expected {}, got nothing", expected[key]));
            let extra = got.keys().filter(|key| !expected.contains_key(*key));
            let extra = extra.map(|key| format!("{path}.{key}: expected nothing, got {}", got[key]));
            let both = expected.iter().filter_map(|(key, value)| Some((key, value, got.get(key)?)));
            let both = both.flat_map(|(key, expected, got)| differences(&format!("{path}.{key}"), expected, got));
            missing.chain(extra).chain(both).collect()
        }
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            let pairs = expected.iter().zip(got).enumerate();
            pairs.flat_map(|(index, (expected, got))| differences(&format!("{path}[{index}]"), expected, got)).collect()
        }
        _ if is_same(expected, got) => Vec::new(),
        _ => vec![format!("{path}: expected {expected}, got {got}")],
    }
}

fn is_same(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::String(pattern), Value::String(text)) => matches(pattern, text),
        // The server's numbers are doubles.
        (Value::Number(expected), Value::Number(got)) => expected.as_f64() == got.as_f64(),
        _ => expected == got,
    }
}

/// Whether a text matches a pattern with wildcards.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let wildcards = ["<uuid>", "<storagePath>", "<timestamp>"];
    let first = wildcards.into_iter().filter_map(|name| Some((pattern.find(name)?, name))).min();
    let Some((at, name)) = first else {
        return pattern == text;
    };
    let (before, after) = (&pattern[..at], &pattern[at + name.len()..]);
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    if name == "<uuid>" {
        return rest.split_at_checked(36).is_some_and(|(id, rest)| is_uuid_v4(id) && matches(after, rest));
    }
    rest.char_indices().map(|(index, _)| index).chain([rest.len()]).any(|index| matches(after, &rest[index..]))
}

fn is_uuid_v4(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| id.get_version_num() == 4)
}

#[test]
fn a_wildcard_matches_only_its_own_kind() {
    let id = "936da01f-9abd-4d9d-80c7-02af85c822a8";
    assert!(matches("<uuid>alice", &format!("{id}alice")));
    assert!(!matches("<uuid>", "order-42"));
    assert!(!matches("<uuid>", "936da01f-9abd-1d9d-80c7-02af85c822a8"));
    assert!(matches("at <timestamp>!", "at noon!"));
    assert!(!matches("at <timestamp>!", "at noon"));
}
