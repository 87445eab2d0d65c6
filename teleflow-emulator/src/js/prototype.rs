//! The members that JavaScript values inherit.

use serde_json::Value;

const OBJECT: &str = "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ constructor hasOwnProperty \
    isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf";

// Source: Node 20.
const ARRAY: &str = "at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap \
    forEach includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice \
    toReversed toSorted toSpliced unshift values with";
const STRING: &str = concat!(
    "anchor at big blink bold charAt charCodeAt codePointAt concat endsWith fixed fontcolor fontsize includes indexOf ",
    "isWellFormed italics lastIndexOf link localeCompare match matchAll normalize padEnd padStart replace replaceAll ",
    "search slice small split startsWith strike sub substr substring sup toLocaleLowerCase toLocaleUpperCase ",
    "toLowerCase toUpperCase toWellFormed trim trimEnd trimLeft trimRight trimStart ",
    stringify!(repeat),
);
const NUMBER: &str = "toExponential toFixed toPrecision";

/// Whether a value inherits a function with this name.
pub(crate) fn inherits_function(value: &Value, name: &str) -> bool {
    let own = match value {
        Value::Array(_) => ARRAY,
        Value::String(_) => STRING,
        Value::Number(_) => NUMBER,
        Value::Null => return false,
        Value::Bool(_) | Value::Object(_) => "",
    };
    [OBJECT, own].iter().any(|names| names.split_whitespace().any(|known| known == name))
}

/// Removes the keys, at any depth, that are names of members that each object inherits.
///
/// The server loses them when it copies data with class-transformer.
pub(crate) fn drop_prototype_names(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| key != "__proto__" && !OBJECT.split_whitespace().any(|name| name == key));
            map.values_mut().for_each(drop_prototype_names);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_prototype_names),
        _ => {}
    }
}
