//! What a JSON Schema of the payload adds to what is known of its variables.

use std::collections::BTreeMap;

use serde_json::Value;
use teleflow_catalog::{Type, Variable, Workflow};

use crate::tree::DEEPEST;

/// Adds a schema to a workflow. `enforced`: the server refuses payloads that do not keep to it.
pub(crate) fn add(workflow: &mut Workflow, schema: &Value, enforced: bool) {
    if schema.is_object() {
        merge_fields(&mut workflow.variables, schema, enforced, 0);
        workflow.schema = Some(schema.clone());
    }
}

fn merge_fields(variables: &mut BTreeMap<String, Variable>, schema: &Value, enforced: bool, depth: usize) {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return;
    };
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in properties {
        let variable = variables.entry(name.clone()).or_insert_with(|| Variable::rendered(Type::Any));
        merge(variable, property, enforced, depth);
        variable.required |= enforced && required.contains(&name.as_str());
    }
}

fn merge(variable: &mut Variable, schema: &Value, enforced: bool, depth: usize) {
    // A delay reads its date whatever a schema says.
    if depth >= DEEPEST || variable.ty == Type::Date {
        return;
    }
    let before = std::mem::replace(&mut variable.ty, Type::Any);
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    variable.ty = match schema.get("type") {
        Some(Value::String(named)) if !nullable => match named.as_str() {
            "string" => Type::String,
            "number" | "integer" => Type::Number,
            "boolean" => Type::Boolean,
            "array" => Type::Array(elements(before, schema.get("items"), enforced, depth)),
            "object" => {
                let mut fields = if let Type::Object(fields) = before { fields } else { BTreeMap::new() };
                merge_fields(&mut fields, schema, enforced, depth + 1);
                Type::Object(fields)
            }
            _ => Type::Any,
        },
        // Several types, or one and `null`.
        Some(_) => Type::Any,
        // No word of a type: what templates tell holds on, unless the schema tells of alternatives.
        None if ["anyOf", "oneOf", "allOf", "enum", "const", "$ref"].iter().any(|key| schema.get(key).is_some()) => {
            Type::Any
        }
        None => before,
    };
    variable.exact = enforced && schema.get("type").is_some() && variable.ty != Type::Any;
}

fn elements(before: Type, items: Option<&Value>, enforced: bool, depth: usize) -> Option<Box<Variable>> {
    let known = if let Type::Array(element) = before { element } else { None };
    let Some(items) = items.filter(|items| items.is_object()) else {
        return known;
    };
    let mut element = known.unwrap_or_else(|| Box::new(Variable::rendered(Type::Any)));
    merge(&mut element, items, enforced, depth + 1);
    // `null` is not of the element's type.
    element.required = element.exact;
    Some(element)
}

#[cfg(test)]
mod tests {
    use super::add;
    use serde_json::{Value, json};
    use teleflow_catalog::{Type, Variable, Workflow};

    fn workflow() -> Workflow {
        let variables = [
            ("name", Type::String),
            ("at", Type::Date),
            ("order", Type::Object([("id".to_owned(), Variable::rendered(Type::String))].into())),
            ("items", Type::Array(Some(Box::new(Variable::rendered(Type::String))))),
        ];
        Workflow {
            trigger: "t".to_owned(),
            name: String::new(),
            active: true,
            actor: None,
            tenant: None,
            variables: variables.into_iter().map(|(name, ty)| (name.to_owned(), Variable::rendered(ty))).collect(),
            email_reads: Vec::new(),
            closed: false,
            schema: None,
        }
    }

    fn words(path: &str, schema: &Value, enforced: bool) -> String {
        let mut workflow = workflow();
        add(&mut workflow, schema, enforced);
        let variable = workflow.variable(path).expect(path);
        let (required, exact) = (if variable.required { "!" } else { "" }, if variable.exact { "=" } else { "" });
        format!("{}{required}{exact}", variable.ty.kind().spelled())
    }

    #[test]
    fn properties_become_variables() {
        let schema = json!({
            "type": "object",
            "required": ["total", "at", "order"],
            "properties": {
                "name": {}, "total": { "type": "integer" }, "at": { "type": "string" }, "flag": { "type": "boolean" },
                "either": { "type": ["string", "null"] },
                "nullable": { "type": "string", "nullable": true }, "plain": { "type": "string", "nullable": false },
                "odd": { "type": "odd" }, "one": { "anyOf": [] },
                "order": { "type": "object", "required": ["id"], "properties": { "id": { "type": "number" } } },
                "items": { "type": "array", "items": { "type": "object", "properties": { "sku": { "type": "string" } } } },
            },
        });
        for (path, loose, strict) in [
            ("name", "string", "string"),
            ("total", "number", "number!="),
            ("at", "date", "date!"),
            ("flag", "boolean", "boolean="),
            ("either", "any", "any"),
            ("nullable", "any", "any"),
            ("plain", "string", "string="),
            ("odd", "any", "any"),
            ("one", "any", "any"),
            ("order", "object", "object!="),
            ("order.id", "number", "number!="),
            ("items", "array", "array="),
            ("items[]", "object", "object!="),
            ("items[].sku", "string", "string="),
        ] {
            assert_eq!(words(path, &schema, false), loose, "{path}");
            assert_eq!(words(path, &schema, true), strict, "{path}");
        }
    }

    #[test]
    fn what_is_no_schema_changes_nothing() {
        for schema in [json!(null), json!(true), json!([]), json!("x")] {
            let mut changed = workflow();
            add(&mut changed, &schema, true);
            assert_eq!(changed, workflow());
        }
        for schema in [json!({}), json!({ "properties": [] }), json!({ "properties": { "x": 5 }, "required": "x" })] {
            add(&mut workflow(), &schema, true);
        }
    }

    #[test]
    fn a_schema_without_end_makes_a_file_that_can_be_read() {
        let deep = (0..50).fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner }));
        let mut workflow = workflow();
        add(&mut workflow, &json!({ "properties": { "x": deep } }), true);
        assert_eq!(Workflow::from_json(workflow.to_json().as_bytes()), Ok(workflow));
    }
}
