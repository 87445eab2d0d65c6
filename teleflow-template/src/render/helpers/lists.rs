//! Helpers for lists.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::super::coerce::{compare, compare_texts, is_identical, to_text};
use super::super::error::{RenderError, fail};
use super::super::helper_call::HelperCall;
use super::super::value::{Object, Value, inherited};
use super::sort::sort;

type Outcome = Result<Value, RenderError>;

pub(super) fn lookup(call: &mut HelperCall<'_>) -> Outcome {
    let object = call.arg(0);
    if !object.is_truthy() {
        return Ok(object);
    }
    if !call.has_params(2) {
        call.arg(2).property("lookupProperty")?;
        return fail("options.lookupProperty is not a function");
    }
    Ok(object.own_property(&to_text(&call.arg(1))))
}

/// The values of a property, each once, in the order in which they appear first.
pub(super) fn unique(call: &mut HelperCall<'_>) -> Outcome {
    let Value::Array(items) = call.arg(0) else { return Ok(Value::text("")) };
    let property = to_text(&call.arg(1));
    let mut seen = Seen::default();
    for item in items.borrow().iter() {
        let value = item.property(&property)?;
        seen.add(if value.is_truthy() { value } else { Value::Undefined });
    }
    Ok(Value::array(seen.values))
}

/// Values without duplicates. An array or an object is identified by its address; `values` keeps it alive.
#[derive(Default)]
struct Seen {
    values: Vec<Value>,
    texts: HashSet<Rc<str>>,
    numbers: HashSet<u64>,
    addresses: HashSet<*const ()>,
    /// `undefined`, `true` and functions. There are few of them.
    others: Vec<Value>,
}

impl Seen {
    fn add(&mut self, value: Value) {
        let is_new = match &value {
            Value::String(text) => self.texts.insert(Rc::clone(text)),
            Value::Number(number) => self.numbers.insert(number.to_bits()),
            Value::Array(items) => self.addresses.insert(Rc::as_ptr(items).cast()),
            Value::Object(object) => self.addresses.insert(Rc::as_ptr(object).cast()),
            other => {
                let is_new = !self.others.iter().any(|seen| is_identical(seen, other));
                if is_new {
                    self.others.push(other.clone());
                }
                is_new
            }
        };
        if is_new {
            self.values.push(value);
        }
    }
}

/// An array of `{key, items}`.
pub(super) fn group_by(call: &mut HelperCall<'_>) -> Outcome {
    let Value::Array(items) = call.arg(0) else { return Ok(Value::array(Vec::new())) };
    let property = to_text(&call.arg(1));
    let mut keys: Vec<Rc<str>> = Vec::new();
    let mut groups: HashMap<Rc<str>, Vec<Value>> = HashMap::new();
    for item in items.borrow().iter() {
        let value = item.property(&property)?;
        if !value.is_truthy() {
            continue;
        }
        let key = to_text(&value);
        if inherited(&key).is_some() {
            return fail("map[key].push is not a function");
        }
        let group = groups.entry(Rc::clone(&key)).or_insert_with(|| {
            keys.push(key);
            Vec::new()
        });
        group.push(item.clone());
    }
    let groups = keys.into_iter().map(|key| {
        let items = groups.remove(&key).unwrap_or_default();
        (key, Value::array(items))
    });
    // An object has its keys in JavaScript's order.
    let groups = Object::new(groups);
    let entries = groups
        .entries()
        .map(|(key, items)| Value::object([(Rc::from("key"), Value::String(key)), (Rc::from("items"), items)]));
    Ok(Value::array(entries.collect()))
}

/// Sorts a list in place, so that all later uses see it sorted.
pub(super) fn sort_by(call: &mut HelperCall<'_>) -> Outcome {
    let list = call.arg(0);
    let Value::Array(shared) = &list else { return Ok(Value::text("")) };
    let property = call.arg(1);
    let mut items = shared.borrow().clone();
    // `undefined` comes last, and is not compared.
    let count = items.len();
    items.retain(|item| !item.is_undefined());
    if property.is_truthy() {
        let property = to_text(&property);
        sort(&mut items, |left, right| {
            let (left, right) = (left.property(&property)?, right.property(&property)?);
            Ok(compare(&left, &right).unwrap_or(std::cmp::Ordering::Equal))
        })?;
    } else {
        sort(&mut items, |left, right| Ok(compare_texts(&to_text(left), &to_text(right))))?;
    }
    items.resize(count, Value::Undefined);
    shared.replace(items);
    Ok(list)
}
