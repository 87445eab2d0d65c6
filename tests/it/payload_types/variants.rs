//! The content of variants, and the strings and integers that unit variants are serialized as.

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, VariantOf, kind};
use teleflow::TeleflowPayload;

use super::{assert_fields, assert_serialized_as};

#[derive(Serialize, TeleflowPayload)]
struct Point {
    x: u8,
}

const POINT: Point = Point { x: 1 };

#[test]
fn variants_list_their_fields() {
    #[derive(Serialize, TeleflowPayload)]
    enum Who<'a, T> {
        Person {
            #[serde(rename = "givenName")]
            name: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            age: Option<u8>,
        },
        Company {
            address: Point,
            generic: T,
        },
    }
    let values = [
        Who::Person { name: "a", age: Some(1) },
        Who::Person { name: "a", age: None },
        Who::Company { address: POINT, generic: 1 },
    ];
    let serialized = assert_serialized_as(Shape::Object, "Person? Company?", &values);
    type Person = VariantOf<Who<'static, i32>, 1>;
    type Company = VariantOf<Who<'static, i32>, 2>;
    assert_fields!(&serialized => Who<'static, i32> { 0: Person, 1: Company; 2 });
    assert_fields!(serialized.field::<Who<'static, i32>, 0>() => Person { 0: &str, 1: Option<u8>; 2 });
    assert_fields!(serialized.field::<Who<'static, i32>, 1>() => Company { 0: Point, 1: i32; 2 });

    // The content lists what is true of all variants.
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "type", content = "content")]
    enum Tagged {
        Person { id: u8, name: String },
        Company { id: u8, address: Point },
        Nobody,
    }
    let values =
        [Tagged::Person { id: 1, name: String::new() }, Tagged::Company { id: 1, address: POINT }, Tagged::Nobody];
    let serialized = assert_serialized_as(Shape::Object, "type content?", &values);
    assert_fields!(&serialized => Tagged { 0: kind::String, 1: VariantOf<Tagged, 1>; 2 });
    assert_fields!(serialized.field::<Tagged, 1>() => VariantOf<Tagged, 1> { 0: u8, 1: String, 2: Point; 3 });
    assert_eq!(VariantOf::<Tagged, 1>::NAME, "Tagged");
}

#[test]
fn unit_variants_list_their_strings() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "camelCase")]
    enum Status {
        InTransit,
        #[serde(rename = "there")]
        Delivered,
        #[serde(skip)]
        #[allow(dead_code)]
        NeverSerialized,
    }
    assert_serialized_as(Shape::String, "", &[Status::InTransit, Status::Delivered]);
    assert_eq!(Status::VALUES, ["inTransit", "there"]);
    assert_eq!(<Option<Box<Status>>>::VALUES, ["inTransit", "there"]);
    assert_eq!(Status::NAME, "Status");

    #[derive(Serialize, TeleflowPayload)]
    enum Open {
        Known,
        #[serde(untagged)]
        Other(String),
    }
    assert_serialized_as(Shape::Unknown, "", &[Open::Known, Open::Other(String::new())]);
    assert_eq!(Open::VALUES, [""; 0]);

    #[derive(Serialize, TeleflowPayload)]
    struct Newtype(Status);
    assert_serialized_as(Shape::String, "", &[Newtype(Status::InTransit)]);
    assert_eq!(Newtype::VALUES, ["inTransit", "there"]);
}

#[test]
fn an_enum_with_an_integer_repr_is_unknown() {
    #[derive(Clone, Copy, TeleflowPayload)]
    #[repr(u8)]
    enum Level {
        Low = 1,
        High = 2,
    }
    // Like the code that `serde_repr` generates.
    impl Serialize for Level {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(*self as u8)
        }
    }
    assert_serialized_as(Shape::Unknown, "", &[Level::Low, Level::High]);

    #[derive(Clone, Copy, TeleflowPayload)]
    #[repr(u8)]
    #[teleflow(kind = "integer")]
    enum WithKind {
        Low = 1,
    }
    impl Serialize for WithKind {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(*self as u8)
        }
    }
    assert_serialized_as(Shape::Integer, "", &[WithKind::Low]);
}
