//! What is inside the variants of an enum, and the strings and numbers that variants are.

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, VariantOf, kind};
use teleflow::TeleflowPayload;

use super::{fields, holds};

#[derive(Serialize, TeleflowPayload)]
struct Point {
    x: u8,
}

const POINT: Point = Point { x: 1 };

#[test]
fn the_fields_of_each_variant_are_known() {
    #[derive(Serialize, TeleflowPayload)]
    enum Who<'a, T> {
        Person {
            #[serde(rename = "givenName")]
            name: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            age: Option<u8>,
        },
        Company {
            place: Point,
            generic: T,
        },
    }
    let values = [
        Who::Person { name: "a", age: Some(1) },
        Who::Person { name: "a", age: None },
        Who::Company { place: POINT, generic: 1 },
    ];
    let written = holds(Shape::Object, "Person? Company?", &values);
    type Person = VariantOf<Who<'static, i32>, 1>;
    type Company = VariantOf<Who<'static, i32>, 2>;
    fields!(&written => Who<'static, i32> { 0: Person, 1: Company; 2 });
    fields!(written.field::<Who<'static, i32>, 0>() => Person { 0: &str, 1: Option<u8>; 2 });
    fields!(written.field::<Who<'static, i32>, 1>() => Company { 0: Point, 1: i32; 2 });

    // What is known of the content is what holds for all variants.
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "type", content = "content")]
    enum Tagged {
        Person { id: u8, name: String },
        Company { id: u8, place: Point },
        Nobody,
    }
    let values =
        [Tagged::Person { id: 1, name: String::new() }, Tagged::Company { id: 1, place: POINT }, Tagged::Nobody];
    let written = holds(Shape::Object, "type content?", &values);
    fields!(&written => Tagged { 0: kind::String, 1: VariantOf<Tagged, 1>; 2 });
    fields!(written.field::<Tagged, 1>() => VariantOf<Tagged, 1> { 0: u8, 1: String, 2: Point; 3 });
    assert_eq!(VariantOf::<Tagged, 1>::NAME, "Tagged");
}

#[test]
fn the_strings_that_an_enum_can_be_are_known() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "camelCase")]
    enum Status {
        InTransit,
        #[serde(rename = "there")]
        Delivered,
        #[serde(skip)]
        #[allow(dead_code)]
        NeverWritten,
    }
    holds(Shape::String, "", &[Status::InTransit, Status::Delivered]);
    assert_eq!(Status::VALUES, ["inTransit", "there"]);
    assert_eq!(<Option<Box<Status>>>::VALUES, ["inTransit", "there"]);
    assert_eq!(Status::NAME, "Status");

    #[derive(Serialize, TeleflowPayload)]
    enum Open {
        Known,
        #[serde(untagged)]
        Other(String),
    }
    holds(Shape::Unknown, "", &[Open::Known, Open::Other(String::new())]);
    assert_eq!(Open::VALUES, [""; 0]);

    #[derive(Serialize, TeleflowPayload)]
    struct Newtype(Status);
    holds(Shape::String, "", &[Newtype(Status::InTransit)]);
    assert_eq!(Newtype::VALUES, ["inTransit", "there"]);
}

#[test]
fn of_an_enum_with_numbers_nothing_is_said() {
    #[derive(Clone, Copy, TeleflowPayload)]
    #[repr(u8)]
    enum Level {
        Low = 1,
        High = 2,
    }
    // As `serde_repr` writes it.
    impl Serialize for Level {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(*self as u8)
        }
    }
    holds(Shape::Unknown, "", &[Level::Low, Level::High]);

    #[derive(Clone, Copy, TeleflowPayload)]
    #[repr(u8)]
    #[teleflow(kind = "integer")]
    enum Said {
        Low = 1,
    }
    impl Serialize for Said {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(*self as u8)
        }
    }
    holds(Shape::Integer, "", &[Said::Low]);
}
