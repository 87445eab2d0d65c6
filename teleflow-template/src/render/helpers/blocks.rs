//! The block helpers of handlebars.js, and its sections.

use std::rc::Rc;

use super::super::coerce::to_text;
use super::super::data::Iteration;
use super::super::error::{RenderError, fail};
use super::super::helper_call::{Blocks, HelperCall, Part};
use super::super::value::Value;

type Outcome = Result<Value, RenderError>;

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.borrow().is_empty(),
        Value::Number(number) => number.is_nan(),
        other => !other.is_truthy(),
    }
}

fn condition(call: &mut HelperCall<'_>) -> Result<bool, RenderError> {
    if !call.has_params(1) {
        return fail(format!("#{} requires exactly one argument", call.name));
    }
    let value = call.blocks.resolve(call.arg(0))?;
    let includes_zero = call.named(1, "includeZero")?.is_truthy();
    Ok((includes_zero || value.is_truthy()) && !is_empty(&value))
}

pub(super) fn if_(call: &mut HelperCall<'_>) -> Outcome {
    let part = if condition(call)? { Part::Main } else { Part::Inverse };
    call.render(1, part)
}

pub(super) fn unless(call: &mut HelperCall<'_>) -> Outcome {
    // handlebars.js calls `if` with the parts in exchange.
    let (part, name) = if condition(call)? { (Part::Inverse, "fn") } else { (Part::Main, "inverse") };
    if call.has_block { call.render(1, part) } else { fail(format!("options.{name} is not a function")) }
}

pub(super) fn with(call: &mut HelperCall<'_>) -> Outcome {
    if !call.has_params(1) {
        return fail("#with requires exactly one argument");
    }
    let context = call.blocks.resolve(call.arg(0))?;
    if is_empty(&context) {
        return call.render(1, Part::Inverse);
    }
    if !call.has_block {
        return fail("fn is not a function");
    }
    let params = Value::array(vec![context.clone()]);
    call.blocks.render(Part::Main, Some(context), None, params)
}

pub(super) fn each(call: &mut HelperCall<'_>) -> Outcome {
    if !call.arg(1).is_truthy() {
        return fail("Must pass iterator to #each");
    }
    let list = call.blocks.resolve(call.arg(0))?;
    let has_block = call.has_block && call.has_params(1);
    let mut text = String::new();
    let count = match &list {
        Value::Array(items) => items.borrow().len(),
        Value::Object(object) => object.keys().len(),
        _ => 0,
    };
    if count > 0 && !has_block {
        return fail("fn is not a function");
    }
    if count == 0 {
        if !has_block {
            return fail("inverse is not a function");
        }
        return call.blocks.render(Part::Inverse, None, None, Value::Undefined);
    }
    for index in 0..count {
        // A helper in the block may have sorted the list.
        let (key, item) = match &list {
            Value::Array(items) => (Value::Number(index as f64), items.borrow().get(index).cloned()),
            Value::Object(object) => match object.keys().get(index) {
                Some(key) => (Value::String(Rc::clone(key)), object.get(key).cloned()),
                None => (Value::Undefined, None),
            },
            _ => (Value::Undefined, None),
        };
        let item = item.unwrap_or(Value::Undefined);
        let params = Value::array(vec![item.clone(), key.clone()]);
        let iteration = Iteration { key, index, is_last: index + 1 == count };
        text.push_str(&to_text(&call.blocks.render(Part::Main, Some(item), Some(iteration), params)?));
    }
    Ok(Value::text(text))
}

/// Renders `{{#value}}…{{/value}}`, where the name is not a helper. `params`: the values of the block parameters around.
pub(in super::super) fn section(value: Value, params: Value, blocks: &mut dyn Blocks) -> Outcome {
    match &value {
        Value::Boolean(true) => blocks.render(Part::Main, None, None, Value::Undefined),
        Value::Undefined | Value::Null | Value::Boolean(false) => {
            blocks.render(Part::Inverse, None, None, Value::Undefined)
        }
        Value::Array(items) if items.borrow().is_empty() => blocks.render(Part::Inverse, None, None, Value::Undefined),
        Value::Array(_) => {
            each(&mut HelperCall { name: "each", params: vec![value], hash: Vec::new(), has_block: true, blocks })
        }
        _ => blocks.render(Part::Main, Some(value), None, params),
    }
}
