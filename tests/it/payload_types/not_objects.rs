//! Derived types that are serialized as another type, or not as an object.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, Unknown};
use teleflow::TeleflowPayload;

use super::{assert_fields, assert_same_type, assert_serialized_as};

/// Not a `TeleflowPayload`.
#[derive(Serialize)]
struct Foreign(u8);

#[derive(Clone, Serialize, TeleflowPayload)]
struct Point {
    x: u8,
    y: Option<u8>,
}

const POINT: Point = Point { x: 1, y: None };

fn text<S: Serializer, T>(_: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("seven")
}

fn length<S: Serializer, const N: usize>(_: &[Foreign; N], serializer: S) -> Result<S::Ok, S::Error> {
    [N].serialize(serializer)
}

fn is_one(number: &u8) -> bool {
    *number == 1
}

#[test]
fn newtypes() {
    #[derive(Serialize, TeleflowPayload)]
    struct Object(Point);
    assert_fields!(assert_serialized_as(Shape::Object, "x y", &[Object(POINT)]) => Object { 0: u8, 1: Option<u8>; 2 });

    #[derive(Serialize, TeleflowPayload)]
    struct Optional(Option<Vec<u8>>);
    assert_serialized_as(Shape::Array, "", &[Optional(None), Optional(Some(vec![1]))]).elements::<Optional>();

    /// serde ignores `skip` on the field of a newtype.
    #[derive(Serialize, TeleflowPayload)]
    struct Skipped(#[serde(skip, default)] u8);
    assert_serialized_as(Shape::Integer, "", &[Skipped(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct SkippedIf(#[serde(skip_serializing_if = "is_one")] u8);
    assert_serialized_as(Shape::Integer, "", &[SkippedIf(1), SkippedIf(2)]);

    #[derive(Serialize, TeleflowPayload)]
    struct CustomSerializer(#[serde(serialize_with = "text")] u8);
    assert_serialized_as(Shape::Unknown, "", &[CustomSerializer(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct WithKind(
        #[teleflow(kind = "string")]
        #[serde(serialize_with = "text")]
        u8,
    );
    assert_serialized_as(Shape::String, "", &[WithKind(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct OptionWithKind(#[teleflow(kind = "number")] Option<Foreign>);
    assert_serialized_as(Shape::Number, "", &[OptionWithKind(None), OptionWithKind(Some(Foreign(1)))]);

    #[derive(Serialize, TeleflowPayload)]
    struct Generic<T>(T);
    assert_serialized_as(Shape::Unknown, "", &[Generic(Foreign(1))]);

    /// This needs no bound.
    #[derive(Serialize, TeleflowPayload)]
    struct Lengthy<const N: usize>(
        #[serde(serialize_with = "length")]
        #[teleflow(kind = "array")]
        [Foreign; N],
    );
    assert_serialized_as(Shape::Array, "", &[Lengthy([Foreign(1)])]);

    #[derive(Serialize, TeleflowPayload)]
    struct Recursive(Vec<Recursive>);
    let serialized = assert_serialized_as(Shape::Array, "", &[Recursive(vec![Recursive(vec![])])]);
    serialized.elements::<Recursive>();
}

#[test]
fn a_transparent_struct_is_its_field() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct Named {
        #[serde(skip)]
        _before: Foreign,
        _marker: PhantomData<Foreign>,
        /// serde ignores the other attributes.
        #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
        point: Option<Point>,
        #[serde(skip_serializing)]
        _after: Foreign,
    }
    let value = |point| Named { _before: Foreign(1), _marker: PhantomData, point, _after: Foreign(1) };
    let serialized = assert_serialized_as(Shape::Object, "x y", &[value(None), value(Some(POINT))]);
    assert_fields!(&serialized => Named { 0: u8, 1: Option<u8>; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct With {
        #[serde(serialize_with = "text")]
        foreign: Foreign,
    }
    assert_serialized_as(Shape::Unknown, "", &[With { foreign: Foreign(1) }]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct Tuple(PhantomData<u8>, bool);
    assert_serialized_as(Shape::Boolean, "", &[Tuple(PhantomData, true)]);
}

#[test]
fn into_another_type() {
    #[derive(Clone, Serialize, TeleflowPayload)]
    #[serde(into = "Point", rename_all = "UPPERCASE", tag = "t")]
    struct Raw {
        #[serde(rename = "other")]
        z: u8,
    }
    impl From<Raw> for Point {
        fn from(raw: Raw) -> Self {
            Self { x: raw.z, y: None }
        }
    }
    assert_fields!(assert_serialized_as(Shape::Object, "x y", &[Raw { z: 1 }]) => Raw { 0: u8, 1: Option<u8>; 2 });

    #[derive(Clone, Serialize, TeleflowPayload)]
    #[serde(into = "Vec<Option<Point>>")]
    enum Listed {
        Empty,
    }
    impl From<Listed> for Vec<Option<Point>> {
        fn from(_: Listed) -> Self {
            vec![Some(POINT), None]
        }
    }
    assert_serialized_as(Shape::Array, "", &[Listed::Empty]).elements::<Listed>();
}

#[test]
fn a_kind_overrides_the_fields() {
    #[derive(TeleflowPayload)]
    #[teleflow(kind = "string")]
    struct Money {
        _cents: u64,
        _currency: Foreign,
    }
    impl Serialize for Money {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            text(&(), serializer)
        }
    }
    assert_serialized_as(Shape::String, "", &[Money { _cents: 1, _currency: Foreign(1) }]);

    #[derive(TeleflowPayload)]
    #[teleflow(kind = "object")]
    enum HandWritten {
        _A(Foreign),
        B,
    }
    impl Serialize for HandWritten {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            POINT.serialize(serializer)
        }
    }
    assert_serialized_as(Shape::Map, "", &[HandWritten::B]);

    #[derive(Serialize, TeleflowPayload)]
    #[teleflow(kind = "any")]
    struct Any(Foreign);
    assert_serialized_as(Shape::Unknown, "", &[Any(Foreign(1))]);
}

#[test]
fn a_tuple_struct_is_an_array() {
    #[derive(Serialize, TeleflowPayload)]
    struct Same(
        Point,
        Point,
        #[serde(skip)]
        #[allow(dead_code)]
        Foreign,
    );
    assert_serialized_as(Shape::Array, "", &[Same(POINT, POINT, Foreign(1))]).elements::<Same>();
    assert_same_type::<<Same as TeleflowPayload>::Element, Point>();

    #[derive(Serialize, TeleflowPayload)]
    struct Different(u8, #[serde(skip_serializing_if = "is_one")] u8, char);
    assert_serialized_as(Shape::Array, "", &[Different(1, 1, 'a'), Different(1, 2, 'a')]).elements::<Different>();
    assert_same_type::<<Different as TeleflowPayload>::Element, Unknown>();

    #[derive(Serialize, TeleflowPayload)]
    struct With(u8, #[serde(serialize_with = "text")] u8);
    assert_serialized_as(Shape::Array, "", &[With(1, 1)]).elements::<With>();
    assert_same_type::<<With as TeleflowPayload>::Element, Unknown>();

    #[derive(Serialize, TeleflowPayload)]
    struct None();
    assert_serialized_as(Shape::Array, "", &[None()]);
}

#[test]
fn a_unit_struct_is_null() {
    #[derive(Serialize, TeleflowPayload)]
    struct Unit;
    assert_serialized_as(Shape::Null, "", &[Unit]);
}
