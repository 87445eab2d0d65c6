//! A template file is equal after it is written and read.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use teleflow_catalog::templates::TemplateFile;

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn empty() -> TemplateFile {
    TemplateFile {
        trigger: "w".to_owned(),
        name: "W".to_owned(),
        active: true,
        critical: false,
        preference_settings: Map::new(),
        reserved_variables: Vec::new(),
        steps: Vec::new(),
        layouts: BTreeMap::new(),
    }
}

#[test]
fn keys_are_sorted_and_contents_are_lines() {
    let mut file = empty();
    let template = json!({ "type": "email", "subject": "a\nb", "content": "<p>\r\n  {{x}}\n</p>\n" });
    file.steps = vec![map(json!({ "template": template, "active": true }))];
    file.layouts.insert("main".to_owned(), map(json!({ "content": "{{{body}}}" })));
    let expected = r#"{
  "active": true,
  "critical": false,
  "layouts": [
    {
      "content": "{{{body}}}",
      "identifier": "main"
    }
  ],
  "name": "W",
  "steps": [
    {
      "active": true,
      "template": {
        "content": [
          "<p>\r",
          "  {{x}}",
          "</p>",
          ""
        ],
        "subject": "a\nb",
        "type": "email"
      }
    }
  ],
  "trigger": "w",
  "version": 1
}
"#;
    assert_eq!(file.to_json(), expected);
    assert_eq!(TemplateFile::from_json(expected.as_bytes()), Ok(file));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a\n\r{}]{0,6}"]
}

/// A variable whose default has keys that have a meaning elsewhere.
fn variable() -> impl Strategy<Value = Value> {
    (text(), vec(text(), 0..3)).prop_map(|(name, lines)| {
        json!({ "name": name, "defaultValue": { "content": lines, "defaultValue": { "content": "a\nb" } } })
    })
}

fn template() -> impl Strategy<Value = Value> {
    let blocks = vec(text().prop_map(|content| json!({ "type": "text", "content": content })), 0..3);
    let content = prop_oneof![text().prop_map(Value::from), blocks.prop_map(Value::from)];
    (content, vec(variable(), 0..3), text()).prop_map(|(content, variables, text)| {
        let button = json!({ "content": text });
        json!({
            "content": content, "variables": variables, "subject": text, "layout": text,
            "cta": { "action": { "buttons": [button] } },
        })
    })
}

fn step() -> impl Strategy<Value = Map<String, Value>> {
    (template(), vec(template(), 1..3), any::<bool>(), text()).prop_map(|(template, variants, active, value)| {
        let filters = json!([{ "value": "AND", "children": [{ "field": value, "value": value }] }]);
        let variants: Vec<Value> = variants.iter().map(|variant| json!({ "template": variant })).collect();
        map(json!({ "active": active, "filters": filters, "template": template, "variants": variants }))
    })
}

proptest! {
    #[test]
    fn a_file_is_equal_after_a_round_trip(
        (trigger, name, flags) in (any::<String>(), any::<String>(), any::<(bool, bool)>()),
        steps in vec(step(), 0..3),
        layouts in btree_map(any::<String>(), (text(), vec(variable(), 0..2)), 0..3),
    ) {
        let layout = |(content, variables): (String, Vec<Value>)| map(json!({ "content": content, "variables": variables }));
        let layouts = layouts.into_iter().map(|(name, parts)| (name, layout(parts))).collect();
        let preference_settings = map(json!({ "email": flags.0 }));
        let file = TemplateFile {
            trigger, name, active: flags.0, critical: flags.1, preference_settings, steps, layouts, ..empty()
        };
        let text = file.to_json();
        let read = TemplateFile::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(read.to_json(), text);
        prop_assert_eq!(read, file);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<Vec<u8>>()) {
        prop_assert!(TemplateFile::from_json(&text).is_err());
    }
}
