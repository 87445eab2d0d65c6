//! Enums, in each of the four forms that serde has for them.

use serde::{Serialize, Serializer};
use teleflow::__private::{Shape, Unknown, VariantOf, kind};
use teleflow::TeleflowPayload;

use super::{fields, holds};

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
fn variants_without_data_are_texts() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "snake_case")]
    enum Status {
        InTransit,
        #[serde(rename = "DONE")]
        Delivered,
        /// With nothing that is written, it is as one that holds nothing.
        Lost(
            #[serde(skip)]
            #[allow(dead_code)]
            Foreign,
        ),
        #[serde(skip)]
        #[allow(dead_code)]
        NeverWritten(Foreign),
    }
    holds(Shape::String, "", &[Status::InTransit, Status::Delivered, Status::Lost(FOREIGN)]);
}

#[test]
fn variants_with_data_are_named() {
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
        NeverWritten,
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
    let written = holds(Shape::Object, "ONE_POINT? MANY_POINTS? none? EMPTY? FIELDS? WITH? WITH_FIELD? UNIT?", &values);
    fields!(&written => Figure {
        0: Point, 1: Vec<Point>, 2: Vec<u8>, 3: kind::Array, 4: VariantOf<Figure, 1>, 5: Unknown, 6: Unknown, 7: Unknown; 8
    });
    fields!(written.field::<Figure, 4>() => VariantOf<Figure, 1> { 0: u8; 1 });
    assert_eq!(VariantOf::<Figure, 1>::NAME, "Figure::Fields");

    #[derive(Serialize, TeleflowPayload)]
    enum Only {
        One(Point),
    }
    fields!(holds(Shape::Object, "One", &[Only::One(POINT)]) => Only { 0: Point; 1 });

    #[derive(Serialize, TeleflowPayload)]
    enum Mixed {
        One(Point),
        Two,
    }
    holds(Shape::Unknown, "", &[Mixed::One(POINT), Mixed::Two]);

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
    let written =
        holds(Shape::Object, "same? other?", &[OneName::A(1), OneName::B(true), OneName::C(true), OneName::D(true)]);
    fields!(&written => OneName { 0: Unknown, 1: bool; 2 });
}

#[test]
fn with_a_tag_inside_the_names_of_all_stand_side_by_side() {
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
            not_written: Foreign,
        },
        #[serde(skip)]
        #[allow(dead_code)]
        NeverWritten {
            never: u8,
        },
    }
    let values = [
        Event::Placed { order_id: 1, item_count: 1, same: 1 },
        Event::Shipped { order_id: 1, item_count: None, same: true },
        Event::Shipped { order_id: 1, item_count: Some(1), same: true },
        Event::Paid { id: 1, in_full: true, not_written: FOREIGN },
    ];
    let written = holds(Shape::Object, "type orderId itemCount? same? IN_FULL?", &values);
    fields!(&written => Event { 0: kind::String, 1: u64, 2: Unknown, 3: Unknown, 4: bool; 5 });

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
    let written = holds(Shape::Object, "t id?", &[WithUnit::A { id: 1 }, WithUnit::B, WithUnit::C(FOREIGN)]);
    fields!(&written => WithUnit { 0: kind::String, 1: u8; 2 });
}

#[test]
fn with_a_tag_inside_and_a_type_beside_it_not_all_names_are_known() {
    /// `Foreign` writes an `id`, too, of another type.
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum Open {
        A { id: u8 },
        B(Foreign),
        C { id: u8 },
    }
    let written = holds(Shape::Map, "t", &[Open::A { id: 1 }, Open::B(FOREIGN), Open::C { id: 1 }]);
    fields!(&written => Open { 0: kind::String; 1 });

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
    let written = holds(Shape::Map, "t id", &[Flattened::A { id: 1, rest: POINT }, Flattened::B { id: 1 }]);
    fields!(&written => Flattened { 0: kind::String, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum With {
        #[serde(serialize_with = "unit")]
        A,
        B,
    }
    fields!(holds(Shape::Map, "t", &[With::A, With::B]) => With { 0: kind::String; 1 });
}

#[test]
fn with_a_tag_and_a_name_for_the_content() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum Alike {
        A(Point),
        B(Point),
    }
    fields!(holds(Shape::Object, "t c", &[Alike::A(POINT), Alike::B(POINT)]) => Alike { 0: kind::String, 1: Point; 2 });

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
    let written = holds(Shape::Object, "t c?", &[WithUnit::A(POINT), WithUnit::B, WithUnit::C(FOREIGN)]);
    fields!(&written => WithUnit { 0: kind::String, 1: Point; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum Unlike {
        A(Point),
        B(u8, u8),
        C {
            #[allow(dead_code)]
            id: u8,
        },
        #[serde(serialize_with = "unit")]
        D,
    }
    let written = holds(Shape::Object, "t c", &[Unlike::A(POINT), Unlike::B(1, 1), Unlike::C { id: 1 }, Unlike::D]);
    fields!(&written => Unlike { 0: kind::String, 1: Unknown; 2 });
}

#[test]
fn without_a_tag_only_what_all_agree_on_is_known() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Alike {
        A(Point),
        B(Point),
    }
    fields!(holds(Shape::Object, "x", &[Alike::A(POINT), Alike::B(POINT)]) => Alike { 0: u8; 1 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Unlike {
        A(u8),
        B(String),
        C,
    }
    holds(Shape::Unknown, "", &[Unlike::A(1), Unlike::B(String::new()), Unlike::C]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged, rename_all_fields = "kebab-case")]
    enum Objects {
        A { the_id: u8, x: u8 },
        B { the_id: u8 },
    }
    let written = holds(Shape::Object, "the-id x?", &[Objects::A { the_id: 1, x: 1 }, Objects::B { the_id: 1 }]);
    fields!(&written => Objects { 0: u8, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(untagged)]
    enum Lists {
        A(u8, u8),
        B(u8, u8, u8),
    }
    holds(Shape::Array, "", &[Lists::A(1, 1), Lists::B(1, 1, 1)]).elements::<Lists>();

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
    holds(Shape::Null, "", &[Nulls::A, Nulls::B(FOREIGN)]);
}

#[test]
fn a_variant_without_a_tag_is_as_if_all_were() {
    #[derive(Serialize, TeleflowPayload)]
    enum Other {
        Known,
        AlsoKnown,
        #[serde(untagged)]
        Number(u8),
    }
    holds(Shape::Unknown, "", &[Other::Known, Other::AlsoKnown, Other::Number(1)]);

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t")]
    enum Inside {
        A {
            id: u8,
        },
        #[serde(untagged)]
        B {
            id: u8,
        },
    }
    let written = holds(Shape::Object, "t? id", &[Inside::A { id: 1 }, Inside::B { id: 1 }]);
    fields!(&written => Inside { 0: kind::String, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "t", content = "c")]
    enum Beside {
        A(u8),
        #[serde(untagged)]
        B(Foreign),
    }
    holds(Shape::Unknown, "", &[Beside::A(1), Beside::B(FOREIGN)]);
}

#[test]
fn an_enum_of_which_there_is_no_value_says_nothing() {
    #[derive(Serialize, TeleflowPayload)]
    enum Never {}
    holds::<Never>(Shape::Unknown, "", &[]);

    #[derive(Serialize, TeleflowPayload)]
    #[allow(dead_code)]
    enum Skipped {
        #[serde(skip)]
        A,
    }
    holds::<Skipped>(Shape::Unknown, "", &[]);
}
