//! Resolves `$ref`.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Finds the part of the document that a reference names, with its JSON pointer; `None` if it is not in the document.
pub(super) fn resolve<'a>(root: &'a Value, reference: &str) -> Option<(String, &'a Value)> {
    let id = root.get("$id").and_then(Value::as_str).map(|id| id.trim_end_matches('#'));
    let local = id.filter(|id| !id.is_empty()).and_then(|id| reference.strip_prefix(id)).unwrap_or(reference);
    let fragment = match local.strip_prefix('#') {
        Some(fragment) => fragment,
        // The document's own `$id`.
        None if local.is_empty() => "",
        None => return None,
    };
    let pointer = percent_decode_str(fragment).decode_utf8().ok()?.into_owned();
    if let Some(found) = root.pointer(&pointer) {
        return Some((pointer, found));
    }
    anchored(root, &pointer).map(|found| (pointer, found))
}

/// The definition that has this `$anchor`, or the older `"$id": "#name"`.
fn anchored<'a>(root: &'a Value, name: &str) -> Option<&'a Value> {
    let definitions = ["$defs", "definitions"].iter().filter_map(|key| root.get(key)?.as_object());
    definitions.flat_map(|definitions| definitions.values()).find(|definition| {
        let is = |key: &str| definition.get(key).and_then(Value::as_str);
        is("$anchor") == Some(name) || is("$id").and_then(|id| id.strip_prefix('#')) == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::resolve;

    #[test]
    fn references_are_read_as_uri_fragments_and_json_pointers() {
        let root = json!({
            "$id": "https://x.test/order.json",
            "definitions": { "a": 1, "b/c": 2, "d~e": 3, "f g%h": 4, "list": [5, 6], "": 7, "ü": 8 },
            "$defs": { "one": { "$anchor": "named" }, "two": { "$id": "#older" } },
        });
        for (reference, found) in [
            ("#/definitions/a", Some(json!(1))),
            ("#/definitions/b~1c", Some(json!(2))),
            ("#/definitions/d~0e", Some(json!(3))),
            ("#/definitions/f%20g%25h", Some(json!(4))),
            ("#/definitions/list/1", Some(json!(6))),
            ("#/definitions/", Some(json!(7))),
            ("#/definitions/%C3%BC", Some(json!(8))),
            ("https://x.test/order.json#/definitions/a", Some(json!(1))),
            ("#named", Some(json!({ "$anchor": "named" }))),
            ("#older", Some(json!({ "$id": "#older" }))),
            ("#", Some(root.clone())),
            ("https://x.test/order.json", Some(root.clone())),
            ("", Some(root.clone())),
            ("#/definitions/none", None),
            ("#definitions/a", None),
            ("#none", None),
            ("#%ff", None),
            ("other.json", None),
            ("https://y.test/order.json#/definitions/a", None),
            ("https://x.test/order.json.other#/definitions/a", None),
        ] {
            assert_eq!(resolve(&root, reference).map(|(_, value)| value.clone()), found, "{reference}");
        }
    }
}
