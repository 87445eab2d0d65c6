//! A workflow is equal after it is written and read.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow};

fn steps() -> impl Strategy<Value = Vec<String>> {
    vec(any::<String>(), 0..3)
}

fn need() -> impl Strategy<Value = Need> {
    (any::<bool>(), steps()).prop_map(|(required, steps)| Need { required, steps })
}

fn holder(ty: impl Strategy<Value = Type>) -> impl Strategy<Value = Variable> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let allowed = vec(any::<String>().prop_map(Value::from), 0..3);
    (ty, flags, allowed, steps()).prop_map(|(ty, (required, exact, nullable, closed), allowed, steps)| Variable {
        ty,
        required,
        exact,
        nullable,
        closed,
        allowed,
        steps,
    })
}

fn variable() -> impl Strategy<Value = Variable> {
    let plain = [Type::Any, Type::String, Type::Number, Type::Integer, Type::Boolean, Type::Date, Type::Array(None)];
    holder(prop::sample::select(plain.to_vec())).prop_recursive(4, 24, 4, |inner| {
        let array = inner.clone().prop_map(|element| Type::Array(Some(Box::new(element))));
        let object = btree_map(any::<String>(), inner, 0..4).prop_map(Type::Object);
        holder(prop_oneof![array, object])
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
    let text = any::<String>().prop_map(Value::from);
    prop_oneof![plain, text].prop_recursive(3, 16, 4, |inner| {
        let object = btree_map(any::<String>(), inner.clone(), 0..4);
        prop_oneof![vec(inner, 0..4).prop_map(Value::from), object.prop_map(|fields| fields.into_iter().collect())]
    })
}

fn workflow() -> impl Strategy<Value = Workflow> {
    let texts = (any::<String>(), any::<String>(), vec(any::<String>(), 0..3));
    let needs = (option::of(need()), option::of(need()));
    let variables = btree_map(any::<String>(), variable(), 0..4);
    (texts, any::<(bool, bool)>(), needs, variables, option::of(schema())).prop_map(
        |((trigger, name, email_reads), (active, closed), (actor, tenant), variables, schema)| Workflow {
            trigger,
            name,
            active,
            actor,
            tenant,
            variables,
            email_reads,
            closed,
            schema,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_workflow_survives_a_round_trip(workflow in workflow()) {
        let text = workflow.to_json();
        let read = Workflow::from_json(text.as_bytes()).unwrap();
        prop_assert_eq!(&read, &workflow);
        prop_assert_eq!(read.to_json(), text);
    }

    #[test]
    fn any_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Workflow::from_json(&bytes);
    }

    #[test]
    fn a_damaged_file_does_not_panic(workflow in workflow(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = workflow.to_json().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        let _ = Workflow::from_json(&bytes);
    }
}

#[test]
fn keys_of_a_schema_are_sorted() {
    let with = |schema: &str| {
        let file =
            format!("{{\"active\": true, \"format\": 1, \"trigger\": \"t\", \"name\": \"\", \"schema\": {schema}}}");
        Workflow::from_json(file.as_bytes()).unwrap().to_json()
    };
    assert_eq!(with("{\"b\": [{\"d\": 1, \"c\": 2}], \"a\": 3}"), with("{\"a\": 3, \"b\": [{\"c\": 2, \"d\": 1}]}"));
}

#[test]
fn a_file_has_sorted_keys_and_no_defaults() {
    let workflow = Workflow {
        trigger: "order-shipped".to_owned(),
        name: "Order shipped".to_owned(),
        active: true,
        actor: Some(Need { required: true, steps: Vec::new() }),
        tenant: None,
        variables: [("b", Type::String), ("a", Type::Object([].into()))]
            .into_iter()
            .map(|(name, ty)| (name.to_owned(), Variable::rendered(ty)))
            .collect(),
        email_reads: vec!["body".to_owned()],
        closed: false,
        schema: Some(json!({})),
    };
    let lines = [
        "{",
        "  \"active\": true,",
        "  \"actor\": {",
        "    \"required\": true,",
        "    \"steps\": []",
        "  },",
        "  \"email_reads\": [",
        "    \"body\"",
        "  ],",
        "  \"format\": 1,",
        "  \"name\": \"Order shipped\",",
        "  \"schema\": {},",
        "  \"trigger\": \"order-shipped\",",
        "  \"variables\": {",
        "    \"a\": {",
        "      \"kind\": \"object\"",
        "    },",
        "    \"b\": {",
        "      \"kind\": \"string\"",
        "    }",
        "  }",
        "}\n",
    ];
    assert_eq!(workflow.to_json(), lines.join("\n"));
}
