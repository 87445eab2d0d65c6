//! Derived structs, with every attribute of serde that changes them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use teleflow::__private::{Shape, Unknown, kind};
use teleflow::TeleflowPayload;

use super::{At, assert_fields, assert_same_type, assert_serialized_as};

fn number<S: Serializer, T>(_: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(7)
}

/// Not a `TeleflowPayload`.
#[derive(Default, Serialize)]
struct Foreign(u8);

#[derive(Serialize, TeleflowPayload)]
struct Line<'a> {
    sku: &'a str,
    count: u32,
    note: Option<String>,
    tags: Vec<Cow<'a, str>>,
}

fn line(note: Option<&str>) -> Line<'static> {
    Line { sku: "A-7", count: 2, note: note.map(String::from), tags: vec!["a".into()] }
}

#[test]
fn a_struct_is_an_object() {
    let serialized =
        assert_serialized_as::<Line<'_>>(Shape::Object, "sku count note tags", &[line(None), line(Some("b"))]);
    assert_fields!(&serialized => Line<'_> { 0: &str, 1: u32, 2: Option<String>, 3: Vec<Cow<'_, str>>; 4 });
    serialized.field::<Line<'_>, 3>().elements::<Vec<Cow<'_, str>>>();
}

#[test]
fn names_are_those_that_serde_writes() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all = "camelCase", rename = "other", tag = "kind")]
    struct Renamed {
        order_id: u8,
        r#async: bool,
        #[serde(rename = "as IS")]
        renamed: char,
        #[serde(rename(serialize = "out", deserialize = "in"))]
        one_way: u8,
        #[serde(rename(deserialize = "in"))]
        other_way: u8,
    }
    let value = Renamed { order_id: 1, r#async: true, renamed: 'a', one_way: 1, other_way: 1 };
    let serialized = assert_serialized_as(Shape::Object, "kind orderId async as IS out otherWay", &[value]);
    assert_fields!(&serialized => Renamed { 0: &str, 1: u8, 2: bool, 3: char, 4, 5; 6 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all(serialize = "SCREAMING-KEBAB-CASE", deserialize = "lowercase"))]
    struct OneWay {
        order_id: u8,
    }
    assert_fields!(assert_serialized_as(Shape::Object, "ORDER-ID", &[OneWay { order_id: 1 }]) => OneWay { 0: u8; 1 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all(deserialize = "lowercase"))]
    #[allow(non_snake_case)]
    struct OtherWay {
        order_Id: u8,
    }
    assert_fields!(assert_serialized_as(Shape::Object, "order_Id", &[OtherWay { order_Id: 1 }]) => OtherWay { 0: u8; 1 });
}

#[test]
fn skipped_fields_are_not_listed() {
    #[derive(Serialize, TeleflowPayload)]
    struct Skipping {
        #[serde(skip)]
        _skipped: Foreign,
        #[serde(skip_serializing_if = "Option::is_none")]
        optional: Option<u8>,
        #[serde(skip_serializing)]
        _not_serialized: Foreign,
        #[serde(skip_deserializing)]
        kept: u8,
    }
    let value = |optional| Skipping { _skipped: Foreign(1), optional, _not_serialized: Foreign(1), kept: 1 };
    let serialized = assert_serialized_as(Shape::Object, "optional? kept", &[value(None), value(Some(1))]);
    assert_fields!(&serialized => Skipping { 0: Option<u8>, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    struct Empty {}
    assert_serialized_as(Shape::Object, "", &[Empty {}]).assert_no_more_fields::<Empty, 0>();
}

#[test]
fn a_custom_serializer_has_an_unknown_shape_unless_a_kind_declares_it() {
    #[derive(Serialize, TeleflowPayload)]
    struct CustomSerializers {
        #[serde(serialize_with = "number")]
        unknown: Foreign,
        #[serde(with = "teleflow::as_string")]
        text: u64,
        #[serde(serialize_with = "number")]
        #[teleflow(kind = "number")]
        declared: String,
        #[teleflow(kind = "number")]
        foreign: Option<Foreign>,
        #[teleflow(kind = "any")]
        any: Foreign,
        #[serde(serialize_with = "number")]
        #[teleflow(kind = "number")]
        never_null: Option<Foreign>,
    }
    let value = |foreign| CustomSerializers {
        unknown: Foreign(1),
        text: 1,
        declared: String::new(),
        foreign,
        any: Foreign(1),
        never_null: None,
    };
    let values = [value(None), value(Some(Foreign(1)))];
    let serialized = assert_serialized_as(Shape::Object, "unknown text declared foreign any never_null", &values);
    assert_fields!(&serialized => CustomSerializers {
        0: Unknown, 1: kind::String, 2: kind::Number, 3: Option<kind::Number>, 4: Unknown, 5: kind::Number; 6
    });

    #[derive(Serialize, TeleflowPayload)]
    struct EveryKind {
        #[teleflow(kind = "string")]
        string: char,
        #[teleflow(kind = "boolean")]
        boolean: bool,
        #[teleflow(kind = "date")]
        date: &'static str,
        #[teleflow(kind = "array")]
        array: [Foreign; 1],
        #[teleflow(kind = "object")]
        object: BTreeMap<u8, Foreign>,
    }
    let value = EveryKind { string: 'a', boolean: true, date: "", array: [Foreign(1)], object: BTreeMap::new() };
    let serialized = assert_serialized_as(Shape::Object, "string boolean date array object", &[value]);
    assert_fields!(&serialized => EveryKind { 0: kind::String, 1: kind::Boolean, 2: kind::Date, 3: kind::Array, 4: kind::Object; 5 });
}

#[test]
fn flattened_fields_make_the_object_open() {
    #[derive(Serialize, TeleflowPayload)]
    #[serde(tag = "type")]
    struct Open {
        before: u8,
        #[serde(flatten)]
        rest: Map<String, Value>,
        #[serde(flatten)]
        line: Option<Line<'static>>,
        #[serde(skip_serializing_if = "str::is_empty")]
        after: &'static str,
    }
    let value = |line, after| Open { before: 1, rest: Map::from_iter([("x".into(), 1.into())]), line, after };
    let serialized =
        assert_serialized_as(Shape::Map, "type before after?", &[value(None, ""), value(Some(line(None)), "a")]);
    assert_fields!(&serialized => Open { 0: kind::String, 1: u8, 2: &str; 3 });

    #[derive(Serialize, TeleflowPayload)]
    struct Closed {
        own: u8,
        #[serde(flatten, skip_serializing)]
        _rest: Foreign,
    }
    assert_fields!(assert_serialized_as(Shape::Object, "own", &[Closed { own: 1, _rest: Foreign(1) }]) => Closed { 0: u8; 1 });
}

#[test]
fn generic_structs_list_the_types_of_their_fields() {
    #[derive(Serialize, TeleflowPayload)]
    struct Page<'a, T, const N: usize>
    where
        T: Clone,
    {
        items: Vec<T>,
        first: &'a T,
        #[serde(skip)]
        _size: [u8; N],
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<Box<Self>>,
    }
    let page = |next| Page { items: vec![1], first: &1, _size: [0; 2], next };
    let serialized =
        assert_serialized_as(Shape::Object, "items first next?", &[page(None), page(Some(Box::new(page(None))))]);
    assert_fields!(&serialized => Page<'_, i32, 2> { 0: Vec<i32>, 1: &i32, 2: Option<Box<Page<'_, i32, 2>>>; 3 });
    serialized.field::<Page<'_, i32, 2>, 0>().elements::<Vec<i32>>();
    assert_fields!(serialized.field::<Page<'_, i32, 2>, 2>() => Option<Box<Page<'_, i32, 2>>> { 0: Vec<i32>, 1: &i32; 3 });
}

/// Field types that are less public than the struct.
mod private_field_types {
    use super::*;

    #[derive(Serialize, TeleflowPayload)]
    pub struct Public {
        private: Option<Vec<std::collections::BTreeSet<String>>>,
        custom: Private,
        pub open: Fine,
        pub(crate) restricted: Fine,
        #[teleflow(kind = "number")]
        declared: Private,
        of_a_crate: Option<serde_json::Value>,
        named_like_a_type_of_the_library: Tenant,
    }

    #[derive(Serialize, TeleflowPayload)]
    struct Tenant;

    #[derive(Serialize, TeleflowPayload)]
    pub(crate) struct Restricted {
        private: Private,
        pub(crate) restricted: Fine,
    }

    #[derive(Serialize, TeleflowPayload)]
    pub struct Newtype(Private);

    #[derive(Clone, Serialize, TeleflowPayload)]
    #[serde(into = "Private")]
    pub struct Into;

    #[derive(Serialize, TeleflowPayload)]
    pub struct Fine(u8);

    #[derive(Serialize, TeleflowPayload)]
    struct Private {
        x: u8,
    }

    impl From<Into> for Private {
        fn from(_: Into) -> Self {
            Self { x: 1 }
        }
    }

    /// Private types with the names of public ones.
    mod named_like_public_types {
        #![expect(private_interfaces, reason = "this is tested")]

        use super::{Serialize, TeleflowPayload};

        #[derive(Serialize, TeleflowPayload)]
        struct Cell(u8);
        #[derive(Serialize, TeleflowPayload)]
        struct Duration(u8);
        #[derive(Serialize, TeleflowPayload)]
        pub(super) struct Url(u8);
        #[derive(Serialize, TeleflowPayload)]
        enum Cow {
            A { cell: Cell, duration: Duration },
            B(Url),
        }
        #[derive(Serialize, TeleflowPayload)]
        struct DeliverAt(u8);

        #[derive(Serialize, TeleflowPayload)]
        pub struct Public {
            pub cell: Vec<Cell>,
            duration: Option<Duration>,
            pub(crate) url: Url,
            cow: Cow,
            deliver_at: DeliverAt,
        }

        #[derive(Serialize, TeleflowPayload)]
        pub struct Pair(pub Cell, Cell);

        #[test]
        fn are_not_confused_with_them() {
            use super::{Shape, assert_serialized_as};

            let cow = Cow::A { cell: Cell(1), duration: Duration(1) };
            let b = Cow::B(Url(1));
            let value = Public { cell: vec![Cell(1)], duration: None, url: Url(1), cow, deliver_at: DeliverAt(1) };
            let other = Public { cell: vec![Cell(1)], duration: None, url: Url(1), cow: b, deliver_at: DeliverAt(1) };
            let serialized = assert_serialized_as(Shape::Object, "cell duration url cow deliver_at", &[value, other]);
            serialized.field::<Public, 0>().elements::<Vec<Cell>>();
            super::assert_fields!(serialized => Public { 0: Vec<Cell>, 1: Option<Duration>, 2: Url, 3: Cow, 4: DeliverAt; 5 });
            assert_serialized_as(Shape::Array, "", &[Pair(Cell(1), Cell(1))]).elements::<Pair>();
        }
    }

    #[test]
    fn are_visible_to_checks() {
        #[derive(Serialize, TeleflowPayload)]
        pub struct WithKind {
            #[teleflow(kind = "object")]
            private: Private,
        }
        let private = || Private { x: 1 };
        let value = WithKind { private: private() };
        assert_fields!(assert_serialized_as(Shape::Object, "private", &[value]) => WithKind { 0: kind::Object; 1 });
        let value = Restricted { private: private(), restricted: Fine(1) };
        assert_fields!(assert_serialized_as(Shape::Object, "private restricted", &[value]) => Restricted { 0: Private, 1: Fine; 2 });
        assert_same_type::<At<Public, 0>, Option<Vec<std::collections::BTreeSet<String>>>>();
        assert_same_type::<At<Public, 1>, Private>();
        assert_same_type::<At<Public, 2>, Fine>();
        assert_same_type::<At<Public, 3>, Fine>();
        assert_same_type::<At<Public, 4>, kind::Number>();
        assert_same_type::<At<Public, 5>, Option<serde_json::Value>>();
        assert_same_type::<At<Public, 6>, Tenant>();
        assert_serialized_as(Shape::Object, "x", &[Newtype(private())]);
        assert_serialized_as(Shape::Object, "x", &[Into]);
        assert_same_type::<At<Newtype, 0>, u8>();
        assert_same_type::<At<Into, 0>, u8>();
        let _ = |public: Public| (public.private, public.custom, public.open, public.restricted, public.declared);
        let _ = |public: Public| (public.of_a_crate, public.named_like_a_type_of_the_library);
    }
}

/// The example in the derive's documentation.
#[path = "../../../teleflow-macros/docs/payload.rs"]
mod example;

#[test]
fn the_example_of_the_documentation() {
    use example::{Delivery, Line, Money};

    let line = |delivery| Line {
        sku: String::from("A-7"),
        unit_price: Money { cents: 705 },
        delivery,
        measures: serde_json::json!({"cm": 3}),
    };
    let post = Delivery::Post { street: String::new(), city: String::new() };
    let lines = [line(post), line(Delivery::Drone { city: String::new() })];
    let serialized = assert_serialized_as(Shape::Object, "sku unitPrice delivery measures", &lines);
    assert_fields!(&serialized => Line { 0: String, 1: Money, 2: Delivery, 3: kind::Object; 4 });
    assert_fields!(serialized.field::<Line, 2>() => Delivery { 0: kind::String, 1: String, 2: String; 3 });
    assert_eq!(serde_json::to_value(Money { cents: 705 }).unwrap(), "7.05 EUR");
}

#[deny(clippy::pedantic, clippy::nursery, missing_docs)]
mod pedantic {
    //! Generated code passes clippy's lints.

    use super::{Serialize, TeleflowPayload};

    /// Every case of generated code.
    #[derive(Debug, Serialize, TeleflowPayload)]
    #[serde(tag = "type")]
    pub struct Everything<'a, T> {
        /// A name.
        pub name: &'a str,
        /// An array.
        pub list: Vec<T>,
        /// A kind.
        #[teleflow(kind = "number")]
        pub kind: Option<T>,
        /// A private type.
        inner: Inner,
    }

    /// One of two.
    #[derive(Debug, Serialize, TeleflowPayload)]
    #[serde(untagged)]
    pub enum Either {
        /// The one.
        One(Vec<Self>),
        /// The other.
        Other(Vec<Self>),
    }

    #[derive(Debug, Serialize, TeleflowPayload)]
    struct Inner(u8);

    #[test]
    fn compiles() {
        let value = Everything { name: "a", list: vec![1], kind: Some(1), inner: Inner(1) };
        super::assert_serialized_as(super::Shape::Object, "type name list kind inner", &[value]);
        super::assert_serialized_as(super::Shape::Array, "", &[Either::One(vec![]), Either::Other(vec![])]);
    }
}

#[test]
fn a_marker_is_null() {
    #[derive(Serialize, TeleflowPayload)]
    struct Marked<T> {
        marker: PhantomData<T>,
    }
    let serialized = assert_serialized_as(Shape::Object, "marker", &[Marked::<Foreign> { marker: PhantomData }]);
    assert_fields!(&serialized => Marked<Foreign> { 0: PhantomData<Foreign>; 1 });
}
