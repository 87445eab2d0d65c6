//! Groups of conditions.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::child::Evaluator;
use super::input::{ConditionError, Conditions, Evaluation};
use crate::js;

/// Evaluates conditions as the worker does: they pass if one of the groups passes, or if there is none.
pub(crate) fn evaluate(conditions: &Conditions<'_>) -> Evaluation {
    let unrendered = RefCell::default();
    let passed = variables(conditions).and_then(|variables| {
        let evaluator = Evaluator { conditions, variables: &variables, unrendered: &unrendered };
        any(conditions.filters.as_array().into_iter().flatten(), |group| passes(group, &evaluator), true)
    });
    Evaluation { passed, unrendered: unrendered.into_inner() }
}

/// Whether one of the groups or children passes. The rest is not evaluated then. Returns `if_empty` if there is none.
fn any<'a>(
    items: impl Iterator<Item = &'a Value>,
    passes: impl Fn(&'a Value) -> Result<bool, ConditionError>,
    if_empty: bool,
) -> Result<bool, ConditionError> {
    let mut is_empty = true;
    for item in items {
        if passes(item)? {
            return Ok(true);
        }
        is_empty = false;
    }
    Ok(is_empty && if_empty)
}

/// Evaluates all children, and returns the first error.
fn all(children: &[&Value], evaluator: &Evaluator<'_>) -> Result<bool, ConditionError> {
    let results: Vec<_> = children.iter().map(|child| evaluator.passes(child)).collect();
    results.into_iter().try_fold(true, |all, passed| Ok(passed? && all))
}

fn passes(group: &Value, evaluator: &Evaluator<'_>) -> Result<bool, ConditionError> {
    if group.is_null() {
        return Err(null_has_no("children"));
    }
    let Some(children) = js::if_truthy(group.get("children")) else { return Ok(true) };
    let operator = group.get("value").and_then(Value::as_str).filter(|operator| matches!(*operator, "AND" | "OR"));
    let children = match (children, operator) {
        (Value::Array(children), _) => children,
        (_, Some(_)) => return Err(is_not_a_function("filter.children.filter")),
        (_, None) => return Ok(false),
    };
    match (children.as_slice(), operator) {
        ([], _) => Ok(true),
        ([child], _) => evaluator.passes(child),
        (_, None) => Ok(false),
        (_, Some(operator)) => {
            if children.iter().any(Value::is_null) {
                return Err(null_has_no("on"));
            }
            let (webhooks, others): (Vec<&Value>, Vec<&Value>) =
                children.iter().partition(|child| is_on(child, "webhook"));
            match operator {
                "AND" => Ok(all(&others, evaluator)? && all(&webhooks, evaluator)?),
                _ => any(others.into_iter().chain(webhooks), |child| evaluator.passes(child), false),
            }
        }
    }
}

/// The variables that conditions read. Missing records are read from the database if there is a condition on them.
fn variables(conditions: &Conditions<'_>) -> Result<Value, ConditionError> {
    let mut variables = Map::new();
    for (name, stored) in [("subscriber", conditions.subscriber), ("tenant", conditions.tenant)] {
        let value = match js::if_truthy(conditions.variables.get(name)) {
            None if has_condition_on(conditions.filters, name)? => stored,
            given => given,
        };
        if let Some(value) = value {
            variables.insert(name.to_owned(), value.clone());
        }
    }
    for name in ["payload", "step", "actor"] {
        if let Some(value) = conditions.variables.get(name).filter(|value| !value.is_null()) {
            variables.insert(name.to_owned(), value.clone());
        }
    }
    let mut variables = Value::Object(variables);
    js::drop_prototype_names(&mut variables);
    Ok(variables)
}

fn has_condition_on(filters: &Value, name: &str) -> Result<bool, ConditionError> {
    let has_condition = |group: &Value| match group.get("children") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Array(children)) => Ok(children.iter().any(|child| is_on(child, name))),
        Some(_) => Err(is_not_a_function("children.find")),
    };
    any(filters.as_array().into_iter().flatten(), has_condition, false)
}

fn is_on(child: &Value, name: &str) -> bool {
    child.get("on").and_then(Value::as_str) == Some(name)
}

fn null_has_no(property: &str) -> ConditionError {
    ConditionError::Thrown(format!("Cannot read properties of null (reading '{property}')"))
}

fn is_not_a_function(name: &str) -> ConditionError {
    ConditionError::Thrown(format!("{name} is not a function"))
}
