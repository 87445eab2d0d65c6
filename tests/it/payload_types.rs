//! `TeleflowPayload` declares for each type exactly what serde writes.
//!
//! Each type comes with values that show every case: a field that may be missing is present in one value and missing in
//! another, and each variant occurs. So a type fails if it declares too little, and if it declares too much.

mod complaints;
mod enums;
mod not_objects;
mod rename_all;
mod std_types;
mod structs;
mod variants;

use std::any::type_name;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use teleflow::__private::{FieldAt, Shape, TeleflowPayload, Unknown, index_of};

/// Asserts that `T` declares this shape and these fields, and that its values are serialized so.
///
/// `fields` is `a b? c`: the second may be missing.
fn assert_serialized_as<T: TeleflowPayload + Serialize>(shape: Shape, fields: &str, values: &[T]) -> Serialized {
    let type_name = type_name::<T>();
    assert_eq!(T::SHAPE, shape, "{type_name}");
    let declared = T::FIELDS.iter().map(|field| format!("{}{}", field.name, if field.skippable { "?" } else { "" }));
    assert_eq!(declared.collect::<Vec<_>>().join(" "), fields, "{type_name}");
    let json: Vec<Value> = values.iter().map(|value| serde_json::to_value(value).expect("it serializes")).collect();
    assert_as_declared::<T>(type_name, &json);

    let has_null = json.iter().any(Value::is_null);
    assert!(
        !T::OPTIONAL || has_null && json.iter().any(|value| !value.is_null()),
        "{type_name} is never `null`, or always"
    );
    let objects: Vec<_> = json.iter().filter_map(Value::as_object).collect();
    for field in T::FIELDS {
        let present = objects.iter().filter(|object| object.contains_key(field.name)).count();
        assert!(present > 0, "{type_name}: no value has a `{}`", field.name);
        assert!(!field.skippable || present < objects.len(), "{type_name}: `{}` is never missing", field.name);
    }
    Serialized(json)
}

/// Asserts that each value has the shape that `T` declares, and the declared fields and no others.
fn assert_as_declared<T: TeleflowPayload + ?Sized>(description: &str, json: &[Value]) {
    for value in json {
        let has_shape = match (T::SHAPE, value) {
            (Shape::Unknown, _) => true,
            (shape, Value::Null) => T::OPTIONAL || shape == Shape::Null,
            (Shape::String | Shape::Date, value) => value.is_string(),
            (Shape::Number, value) => value.is_number(),
            (Shape::Integer, value) => value.is_i64() || value.is_u64(),
            (Shape::NumberOrString, value) => value.is_number() || value.is_string(),
            (Shape::Boolean, value) => value.is_boolean(),
            (Shape::Null, _) => false,
            (Shape::Array, value) => value.is_array(),
            (Shape::Object | Shape::Map, value) => value.is_object(),
        };
        assert!(has_shape, "{description} declares {:?}, but writes {value}", T::SHAPE);
        if let (false, Some(text)) = (T::VALUES.is_empty(), value.as_str()) {
            assert!(T::VALUES.contains(&text), "{description} declares {:?}, but writes {value}", T::VALUES);
        }
        let Some(object) = value.as_object().filter(|_| matches!(T::SHAPE, Shape::Object | Shape::Map)) else {
            continue;
        };
        for field in T::FIELDS {
            let name = field.name;
            assert!(
                field.skippable || object.contains_key(name),
                "{description} declares `{name}`, but writes {value}"
            );
        }
        let declared: BTreeSet<&str> = T::FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(declared.len(), T::FIELDS.len(), "{description} declares a field twice");
        for name in object.keys().filter(|_| T::SHAPE == Shape::Object) {
            assert!(declared.contains(&**name), "{description} does not declare `{name}`, but writes {value}");
        }
    }
    if matches!(T::SHAPE, Shape::Object | Shape::Map) {
        assert!(T::SHAPE == Shape::Map || !T::NAME.is_empty(), "{description} has no name");
    }
}

/// The values of a type as JSON.
struct Serialized(Vec<Value>);

impl Serialized {
    /// Checks the elements of the arrays against `T::Element`.
    fn elements<T: TeleflowPayload + ?Sized>(&self) -> Self
    where
        T::Element: TeleflowPayload,
    {
        let elements: Vec<Value> = self.0.iter().filter_map(Value::as_array).flatten().cloned().collect();
        assert!(!elements.is_empty(), "no {} has elements", type_name::<T>());
        assert_as_declared::<T::Element>(type_name::<T>(), &elements);
        Self(elements)
    }

    /// Checks the values of the field with this index against the field's type.
    fn field<T, const INDEX: usize>(&self) -> Self
    where
        T: TeleflowPayload + ?Sized,
        T::Object: FieldAt<INDEX>,
        At<T, INDEX>: TeleflowPayload,
    {
        let name = T::FIELDS[INDEX].name;
        let description = format!("`{name}` of {}", type_name::<T>());
        assert_eq!(index_of(T::FIELDS, name), INDEX, "{description}");
        let values: Vec<Value> = self.0.iter().filter_map(|value| value.get(name)).cloned().collect();
        assert!(!values.is_empty(), "{description} is always missing");
        assert_as_declared::<At<T, INDEX>>(&description, &values);
        Self(values)
    }

    /// Asserts that the index after the last field, which unknown names have, is an unknown type.
    fn assert_no_more_fields<T, const INDEX: usize>(&self)
    where
        T: TeleflowPayload + ?Sized,
        T::Object: FieldAt<INDEX, Type = Unknown>,
    {
        assert_eq!(T::FIELDS.len(), INDEX, "{}", type_name::<T>());
        assert_eq!(index_of(T::FIELDS, "no such name"), INDEX);
    }
}

/// The type of the field with this index.
type At<T, const INDEX: usize> = <<T as TeleflowPayload>::Object as FieldAt<INDEX>>::Type;

/// Asserts at compile time that both types are the same.
fn assert_same_type<T: Is<U> + ?Sized, U: ?Sized>() {}

trait Is<T: ?Sized> {}

impl<T: ?Sized> Is<T> for T {}

/// Checks all fields of an object: each index, optionally its type, and what serde wrote.
macro_rules! assert_fields {
    ($serialized:expr => $type:ty { $($index:literal $(: $field_type:ty)?),*; $end:literal }) => {{
        let serialized = $serialized;
        $(
            serialized.field::<$type, $index>();
            $(
                crate::payload_types::assert_same_type::<crate::payload_types::At<$type, $index>, $field_type>();
            )?
        )*
        serialized.assert_no_more_fields::<$type, $end>();
    }};
}

use assert_fields;
