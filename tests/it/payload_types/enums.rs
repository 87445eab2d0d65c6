//! Derived enums, in each of serde's four representations.

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, Unknown, VariantOf, kind};
use teleflow::TeleflowPayload;

use super::{assert_fields, assert_serialized_as};

/// Not a `TeleflowPayload`.
#[derive(Serialize)]
struct Foreign {
    id: char,
}

#[derive(Serialize, TeleflowPayload)]
struct Point {
    x: u8,
}

const POINT: Point = Point { x: 1 };
const FOREIGN: Foreign = Foreign { id: 'a' };

fn text<S: Serializer>(_: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("seven")
}

fn unit<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    POINT.serialize(serializer)
}

#[test]
fn unit_variants_are_strings() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        InTransit,
        #[serde(rename = "DONE")]
        Delivered,
        /// A newtype whose field is skipped is serialized as a unit variant.
        Lost(
            #[serde(skip)]
            #[allow(dead_code)]
            Foreign,
        ),
        #[serde(skip)]
        #[allow(dead_code)]
        NeverSerialized(Foreign),
    }
    assert_serialized_as(Shape::String, "", &[Status::InTransit, Status::Delivered, Status::Lost(FOREIGN)]);
}

#[test]
fn externally_tagged() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Figure {
        OnePoint(Point),
        ManyPoints(Vec<Point>),
        #[serde(rename = "none")]
        Tuple(u8, u8),
        Empty(),
        Fields {
            #[allow(dead_code)]
            id: u8,
        },
        #[serde(serialize_with = "text")]
        With(u8),
        WithField(#[serde(serialize_with = "text")] u8),
        #[serde(serialize_with = "unit")]
        Unit,
        #[serde(skip_serializing)]
        #[allow(dead_code)]
        NeverSerialized,
    }
    let values = [
        Figure::OnePoint(POINT),
        Figure::ManyPoints(vec![POINT]),
        Figure::Tuple(1, 1),
        Figure::Empty(),
        Figure::Fields { id: 1 },
        Figure::With(1),
        Figure::WithField(1),
        Figure::Unit,
    ];
    let serialized = assert_serialized_as(
        Shape::Object,
        "ONE_POINT? MANY_POINTS? none? EMPTY? FIELDS? WITH? WITH_FIELD? UNIT?",
        &values,
    );
    assert_fields!(&serialized => Figure {
        0: Point, 1: Vec<Point>, 2: Vec<u8>, 3: kind::Array, 4: VariantOf<Figure, 1>, 5: Unknown, 6: Unknown, 7: Unknown; 8
    });
    assert_fields!(serialized.field::<Figure, 4>() => VariantOf<Figure, 1> { 0: u8; 1 });
    assert_eq!(VariantOf::<Figure, 1>::NAME, "Figure::Fields");

    #[derive(Serialize, TeleflowPayload)]
    enum Only {
        One(Point),
    }
    assert_fields!(assert_serialized_as(Shape::Object, "One", &[Only::One(POINT)]) => Only { 0: Point; 1 });

    #[derive(Serialize, TeleflowPayload)]
    enum Mixed {
        One(Point),
        Two,
    }
    assert_serialized_as(Shape::Unknown, "", &[Mixed::One(POINT), Mixed::Two]);

    #[derive(Serialize, TeleflowPayload)]
    enum OneName {
        #[serde(rename = "same")]
        A(u8),
        #[serde(rename = "same")]
        B(bool),
        #[serde(rename = "other")]
        C(bool),
        #[serde(rename = "other")]
        D(bool),
    }
    let serialized = assert_serialized_as(
        Shape::Object,
        "same? other?",
        &[OneName::A(1), OneName::B(true), OneName::C(true), OneName::D(true)],
    );
    assert_fields!(&serialized => OneName { 0: Unknown, 1: bool; 2 });
}

#[test]
fn internally_tagged_has_the_fields_of_all_variants() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
    enum Event {
        Placed {
            order_id: u64,
            item_count: u8,
            same: u8,
        },
        Shipped {
            order_id: u64,
            #[serde(skip_serializing_if = "Option::is_none")]
            item_count: Option<u8>,
            same: bool,
        },
        #[serde(rename_all = "UPPERCASE")]
        Paid {
            #[serde(rename = "orderId")]
            id: u64,
            in_full: bool,
            #[serde(skip)]
            #[allow(dead_code)]
            not_serialized: Foreign,
        },
        #[serde(skip)]
        #[allow(dead_code)]
        NeverSerialized {
            never: u8,
        },
    }
    let values = [
        Event::Placed { order_id: 1, item_count: 1, same: 1 },
        Event::Shipped { order_id: 1, item_count: None, same: true },
        Event::Shipped { order_id: 1, item_count: Some(1), same: true },
        Event::Paid { id: 1, in_full: true, not_serialized: FOREIGN },
    ];
    let serialized = assert_serialized_as(Shape::Object, "type orderId itemCount? same? IN_FULL?", &values);
    assert_fields!(&serialized => Event { 0: kind::String, 1: u64, 2: Unknown, 3: Unknown, 4: bool; 5 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum WithUnit {
        A {
            id: u8,
        },
        B,
        C(
            #[serde(skip)]
            #[allow(dead_code)]
            Foreign,
        ),
    }
    let serialized =
        assert_serialized_as(Shape::Object, "t id?", &[WithUnit::A { id: 1 }, WithUnit::B, WithUnit::C(FOREIGN)]);
    assert_fields!(&serialized => WithUnit { 0: kind::String, 1: u8; 2 });
}

#[test]
fn internally_tagged_with_another_type_is_open() {
    /// `Foreign` also has an `id`, of another type.
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum Open {
        A { id: u8 },
        B(Foreign),
        C { id: u8 },
    }
    let serialized = assert_serialized_as(Shape::Map, "t", &[Open::A { id: 1 }, Open::B(FOREIGN), Open::C { id: 1 }]);
    assert_fields!(&serialized => Open { 0: kind::String; 1 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum Flattened {
        A {
            id: u8,
            #[serde(flatten)]
            rest: Point,
        },
        B {
            id: u8,
        },
    }
    let serialized =
        assert_serialized_as(Shape::Map, "t id", &[Flattened::A { id: 1, rest: POINT }, Flattened::B { id: 1 }]);
    assert_fields!(&serialized => Flattened { 0: kind::String, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum With {
        #[serde(serialize_with = "unit")]
        A,
        B,
    }
    assert_fields!(assert_serialized_as(Shape::Map, "t", &[With::A, With::B]) => With { 0: kind::String; 1 });
}

#[test]
fn adjacently_tagged() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum Same {
        A(Point),
        B(Point),
    }
    assert_fields!(assert_serialized_as(Shape::Object, "t c", &[Same::A(POINT), Same::B(POINT)]) => Same { 0: kind::String, 1: Point; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum WithUnit {
        A(Point),
        B,
        C(
            #[serde(skip)]
            #[allow(dead_code)]
            Foreign,
        ),
    }
    let serialized =
        assert_serialized_as(Shape::Object, "t c?", &[WithUnit::A(POINT), WithUnit::B, WithUnit::C(FOREIGN)]);
    assert_fields!(&serialized => WithUnit { 0: kind::String, 1: Point; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum Different {
        A(Point),
        B(u8, u8),
        C {
            #[allow(dead_code)]
            id: u8,
        },
        #[serde(serialize_with = "unit")]
        D,
    }
    let serialized = assert_serialized_as(
        Shape::Object,
        "t c",
        &[Different::A(POINT), Different::B(1, 1), Different::C { id: 1 }, Different::D],
    );
    assert_fields!(&serialized => Different { 0: kind::String, 1: Unknown; 2 });
}

#[test]
fn untagged_has_only_what_all_variants_share() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Same {
        A(Point),
        B(Point),
    }
    assert_fields!(assert_serialized_as(Shape::Object, "x", &[Same::A(POINT), Same::B(POINT)]) => Same { 0: u8; 1 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Different {
        A(u8),
        B(String),
        C,
    }
    assert_serialized_as(Shape::Unknown, "", &[Different::A(1), Different::B(String::new()), Different::C]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged, rename_all_fields = "kebab-case")]
    enum Objects {
        A { the_id: u8, x: u8 },
        B { the_id: u8 },
    }
    let serialized =
        assert_serialized_as(Shape::Object, "the-id x?", &[Objects::A { the_id: 1, x: 1 }, Objects::B { the_id: 1 }]);
    assert_fields!(&serialized => Objects { 0: u8, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Arrays {
        A(u8, u8),
        B(u8, u8, u8),
    }
    assert_serialized_as(Shape::Array, "", &[Arrays::A(1, 1), Arrays::B(1, 1, 1)]).elements::<Arrays>();

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Nulls {
        A,
        B(
            #[serde(skip)]
            #[allow(dead_code)]
            Foreign,
        ),
    }
    assert_serialized_as(Shape::Null, "", &[Nulls::A, Nulls::B(FOREIGN)]);
}

#[test]
fn one_untagged_variant() {
    #[derive(Serialize, TeleflowPayload)]
    enum Other {
        Known,
        AlsoKnown,
        #[serde(untagged)]
        Number(u8),
    }
    assert_serialized_as(Shape::Unknown, "", &[Other::Known, Other::AlsoKnown, Other::Number(1)]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum InTaggedEnum {
        A {
            id: u8,
        },
        #[serde(untagged)]
        B {
            id: u8,
        },
    }
    let serialized =
        assert_serialized_as(Shape::Object, "t? id", &[InTaggedEnum::A { id: 1 }, InTaggedEnum::B { id: 1 }]);
    assert_fields!(&serialized => InTaggedEnum { 0: kind::String, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum InAdjacentlyTaggedEnum {
        A(u8),
        #[serde(untagged)]
        B(Foreign),
    }
    assert_serialized_as(Shape::Unknown, "", &[InAdjacentlyTaggedEnum::A(1), InAdjacentlyTaggedEnum::B(FOREIGN)]);
}

#[test]
fn an_enum_without_values_is_unknown() {
    #[derive(Serialize, TeleflowPayload)]
    enum Never {}
    assert_serialized_as::<Never>(Shape::Unknown, "", &[]);

    #[derive(Serialize, TeleflowPayload)]
    #[allow(dead_code)]
    enum Skipped {
        #[serde(skip)]
        A,
    }
    assert_serialized_as::<Skipped>(Shape::Unknown, "", &[]);
}
