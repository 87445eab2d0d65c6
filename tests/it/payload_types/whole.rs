//! Types that are written as something else, or as no object.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, Unknown};
use teleflow::TeleflowPayload;

use super::{fields, holds, same};

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
fn one_field_stands_for_the_whole() {
    #[derive(Serialize, TeleflowPayload)]
    struct Object(Point);
    fields!(holds(Shape::Object, "x y", &[Object(POINT)]) => Object { 0: u8, 1: Option<u8>; 2 });

    #[derive(Serialize, TeleflowPayload)]
    struct Optional(Option<Vec<u8>>);
    holds(Shape::Array, "", &[Optional(None), Optional(Some(vec![1]))]).elements::<Optional>();

    /// serde writes it all the same.
    #[derive(Serialize, TeleflowPayload)]
    struct Skipped(#[serde(skip, default)] u8);
    holds(Shape::Integer, "", &[Skipped(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct SkippedIf(#[serde(skip_serializing_if = "is_one")] u8);
    holds(Shape::Integer, "", &[SkippedIf(1), SkippedIf(2)]);

    #[derive(Serialize, TeleflowPayload)]
    struct With(#[serde(serialize_with = "text")] u8);
    holds(Shape::Unknown, "", &[With(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct Said(
        #[teleflow(kind = "string")]
        #[serde(serialize_with = "text")]
        u8,
    );
    holds(Shape::String, "", &[Said(1)]);

    #[derive(Serialize, TeleflowPayload)]
    struct SaidOption(#[teleflow(kind = "number")] Option<Foreign>);
    holds(Shape::Number, "", &[SaidOption(None), SaidOption(Some(Foreign(1)))]);

    #[derive(Serialize, TeleflowPayload)]
    struct Generic<T>(T);
    holds(Shape::Unknown, "", &[Generic(Foreign(1))]);

    /// Of this, no bound is needed.
    #[derive(Serialize, TeleflowPayload)]
    struct Lengthy<const N: usize>(
        #[serde(serialize_with = "length")]
        #[teleflow(kind = "array")]
        [Foreign; N],
    );
    holds(Shape::Array, "", &[Lengthy([Foreign(1)])]);

    #[derive(Serialize, TeleflowPayload)]
    struct Recursive(Vec<Recursive>);
    let written = holds(Shape::Array, "", &[Recursive(vec![Recursive(vec![])])]);
    written.elements::<Recursive>();
}

#[test]
fn a_transparent_struct_is_its_field() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct Named {
        #[serde(skip)]
        _before: Foreign,
        _marker: PhantomData<Foreign>,
        /// Neither its name nor whether it may be skipped counts.
        #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
        point: Option<Point>,
        #[serde(skip_serializing)]
        _after: Foreign,
    }
    let value = |point| Named { _before: Foreign(1), _marker: PhantomData, point, _after: Foreign(1) };
    let written = holds(Shape::Object, "x y", &[value(None), value(Some(POINT))]);
    fields!(&written => Named { 0: u8, 1: Option<u8>; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct With {
        #[serde(serialize_with = "text")]
        foreign: Foreign,
    }
    holds(Shape::Unknown, "", &[With { foreign: Foreign(1) }]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(transparent)]
    struct Tuple(PhantomData<u8>, bool);
    holds(Shape::Boolean, "", &[Tuple(PhantomData, true)]);
}

#[test]
fn into_stands_for_the_whole_too() {
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
    fields!(holds(Shape::Object, "x y", &[Raw { z: 1 }]) => Raw { 0: u8, 1: Option<u8>; 2 });

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
    holds(Shape::Array, "", &[Listed::Empty]).elements::<Listed>();
}

#[test]
fn a_kind_stands_for_the_whole_whatever_it_is_made_of() {
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
    holds(Shape::String, "", &[Money { _cents: 1, _currency: Foreign(1) }]);

    #[derive(TeleflowPayload)]
    #[teleflow(kind = "object")]
    enum Odd {
        _A(Foreign),
        B,
    }
    impl Serialize for Odd {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            POINT.serialize(serializer)
        }
    }
    holds(Shape::Map, "", &[Odd::B]);

    #[derive(Serialize, TeleflowPayload)]
    #[teleflow(kind = "any")]
    struct Any(Foreign);
    holds(Shape::Unknown, "", &[Any(Foreign(1))]);
}

#[test]
fn a_tuple_is_a_list() {
    #[derive(Serialize, TeleflowPayload)]
    struct Alike(
        Point,
        Point,
        #[serde(skip)]
        #[allow(dead_code)]
        Foreign,
    );
    holds(Shape::Array, "", &[Alike(POINT, POINT, Foreign(1))]).elements::<Alike>();
    same::<<Alike as TeleflowPayload>::Element, Point>();

    #[derive(Serialize, TeleflowPayload)]
    struct Unlike(u8, #[serde(skip_serializing_if = "is_one")] u8, char);
    holds(Shape::Array, "", &[Unlike(1, 1, 'a'), Unlike(1, 2, 'a')]).elements::<Unlike>();
    same::<<Unlike as TeleflowPayload>::Element, Unknown>();

    #[derive(Serialize, TeleflowPayload)]
    struct With(u8, #[serde(serialize_with = "text")] u8);
    holds(Shape::Array, "", &[With(1, 1)]).elements::<With>();
    same::<<With as TeleflowPayload>::Element, Unknown>();

    #[derive(Serialize, TeleflowPayload)]
    struct None();
    holds(Shape::Array, "", &[None()]);
}

#[test]
fn a_unit_struct_is_null() {
    #[derive(Serialize, TeleflowPayload)]
    struct Unit;
    holds(Shape::Null, "", &[Unit]);
}
