//! What a type says of how serde writes it is what serde writes.
//!
//! Each type comes with values that show all that can be written for it: a name that may be left out is there in one
//! and not in another, and each variant is there. So a type that says too little fails, as does one that says too much.

mod cases;
mod complaints;
mod derived;
mod enums;
mod std_types;
mod variants;
mod whole;

use std::any::type_name;
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use teleflow::__private::{FieldAt, Shape, TeleflowPayload, Unknown, index_of};

/// Holds what `T` says against what is written for the values; the form and the names are those expected.
///
/// Names are `a b? c`: the second may be left out.
fn holds<T: TeleflowPayload + Serialize>(form: Shape, names: &str, values: &[T]) -> Written {
    let of = type_name::<T>();
    assert_eq!(T::SHAPE, form, "{of}");
    let said = T::FIELDS.iter().map(|name| format!("{}{}", name.name, if name.skippable { "?" } else { "" }));
    assert_eq!(said.collect::<Vec<_>>().join(" "), names, "{of}");
    let written: Vec<Value> = values.iter().map(|value| serde_json::to_value(value).expect("it serializes")).collect();
    judge::<T>(of, &written);

    let null = written.iter().any(Value::is_null);
    assert!(!T::OPTIONAL || null && written.iter().any(|value| !value.is_null()), "{of}: it is never null, or always");
    let objects: Vec<_> = written.iter().filter_map(Value::as_object).collect();
    for name in T::FIELDS {
        let there = objects.iter().filter(|object| object.contains_key(name.name)).count();
        assert!(there > 0, "{of}: no value has a `{}`", name.name);
        assert!(!name.skippable || there < objects.len(), "{of}: `{}` is always there", name.name);
    }
    Written(written)
}

/// Each value is of the form that `T` says, and has the names that it says, and no others.
fn judge<T: TeleflowPayload + ?Sized>(of: &str, written: &[Value]) {
    for value in written {
        let fits = match (T::SHAPE, value) {
            (Shape::Unknown, _) => true,
            (form, Value::Null) => T::OPTIONAL || form == Shape::Null,
            (Shape::String | Shape::Date, value) => value.is_string(),
            (Shape::Number, value) => value.is_number(),
            (Shape::Integer, value) => value.is_i64() || value.is_u64(),
            (Shape::NumberOrString, value) => value.is_number() || value.is_string(),
            (Shape::Boolean, value) => value.is_boolean(),
            (Shape::Null, _) => false,
            (Shape::Array, value) => value.is_array(),
            (Shape::Object | Shape::Map, value) => value.is_object(),
        };
        assert!(fits, "{of} says {:?}, and writes {value}", T::SHAPE);
        if let (false, Some(text)) = (T::VALUES.is_empty(), value.as_str()) {
            assert!(T::VALUES.contains(&text), "{of} says {:?}, and writes {value}", T::VALUES);
        }
        let Some(object) = value.as_object().filter(|_| matches!(T::SHAPE, Shape::Object | Shape::Map)) else {
            continue;
        };
        for name in T::FIELDS {
            assert!(name.skippable || object.contains_key(name.name), "{of} says `{}`, and writes {value}", name.name);
        }
        let known: BTreeSet<&str> = T::FIELDS.iter().map(|name| name.name).collect();
        assert_eq!(known.len(), T::FIELDS.len(), "{of} says a name twice");
        for name in object.keys().filter(|_| T::SHAPE == Shape::Object) {
            assert!(known.contains(&**name), "{of} does not say `{name}`, and writes {value}");
        }
    }
    if matches!(T::SHAPE, Shape::Object | Shape::Map) {
        assert!(T::SHAPE == Shape::Map || !T::NAME.is_empty(), "{of} has no name");
    }
}

/// What serde wrote for the values of a type.
struct Written(Vec<Value>);

impl Written {
    /// What is in the lists is what `T::Element` says.
    fn elements<T: TeleflowPayload + ?Sized>(&self) -> Self
    where
        T::Element: TeleflowPayload,
    {
        let elements: Vec<Value> = self.0.iter().filter_map(Value::as_array).flatten().cloned().collect();
        assert!(!elements.is_empty(), "no {} has elements", type_name::<T>());
        judge::<T::Element>(type_name::<T>(), &elements);
        Self(elements)
    }

    /// What stands under the name with this index is what its type says.
    fn field<T, const INDEX: usize>(&self) -> Self
    where
        T: TeleflowPayload + ?Sized,
        T::Object: FieldAt<INDEX>,
        At<T, INDEX>: TeleflowPayload,
    {
        let name = T::FIELDS[INDEX].name;
        let of = format!("`{name}` of {}", type_name::<T>());
        assert_eq!(index_of(T::FIELDS, name), INDEX, "{of}");
        let held: Vec<Value> = self.0.iter().filter_map(|value| value.get(name)).cloned().collect();
        assert!(!held.is_empty(), "{of} is never there");
        judge::<At<T, INDEX>>(&of, &held);
        Self(held)
    }

    /// After the last name there is one of which nothing is known.
    fn and_no_more<T, const INDEX: usize>(&self)
    where
        T: TeleflowPayload + ?Sized,
        T::Object: FieldAt<INDEX, Type = Unknown>,
    {
        assert_eq!(T::FIELDS.len(), INDEX, "{}", type_name::<T>());
        assert_eq!(index_of(T::FIELDS, "no such name"), INDEX);
    }
}

type At<T, const INDEX: usize> = <<T as TeleflowPayload>::Object as FieldAt<INDEX>>::Type;

/// Both are the same type: this is looked at while the test is compiled.
fn same<T: Is<U> + ?Sized, U: ?Sized>() {}

trait Is<T: ?Sized> {}

impl<T: ?Sized> Is<T> for T {}

/// The names of an object, each with its index, and perhaps its type; all of them are held against what was written.
macro_rules! fields {
    ($written:expr => $type:ty { $($index:literal $(: $held:ty)?),*; $end:literal }) => {{
        let written = $written;
        $(
            written.field::<$type, $index>();
            $(crate::payload_types::same::<crate::payload_types::At<$type, $index>, $held>();)?
        )*
        written.and_no_more::<$type, $end>();
    }};
}

use fields;
