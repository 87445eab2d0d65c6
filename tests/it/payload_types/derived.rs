//! Structs, with all that serde's attributes change in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use teleflow::__private::{Shape, Unknown, kind};
use teleflow::TeleflowPayload;

use super::{fields, holds, same};

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
    let written = holds::<Line<'_>>(Shape::Object, "sku count note tags", &[line(None), line(Some("b"))]);
    fields!(&written => Line<'_> { 0: &str, 1: u32, 2: Option<String>, 3: Vec<Cow<'_, str>>; 4 });
    written.field::<Line<'_>, 3>().elements::<Vec<Cow<'_, str>>>();
}

#[test]
fn its_names_are_those_that_serde_writes() {
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
    let written = holds(Shape::Object, "kind orderId async as IS out otherWay", &[value]);
    fields!(&written => Renamed { 0: &str, 1: u8, 2: bool, 3: char, 4, 5; 6 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all(serialize = "SCREAMING-KEBAB-CASE", deserialize = "lowercase"))]
    struct OneWay {
        order_id: u8,
    }
    fields!(holds(Shape::Object, "ORDER-ID", &[OneWay { order_id: 1 }]) => OneWay { 0: u8; 1 });

    #[derive(Serialize, TeleflowPayload)]
    #[serde(rename_all(deserialize = "lowercase"))]
    #[allow(non_snake_case)]
    struct OtherWay {
        order_Id: u8,
    }
    fields!(holds(Shape::Object, "order_Id", &[OtherWay { order_Id: 1 }]) => OtherWay { 0: u8; 1 });
}

#[test]
fn what_is_skipped_is_not_said() {
    #[derive(Serialize, TeleflowPayload)]
    struct Skipping {
        #[serde(skip)]
        _skipped: Foreign,
        #[serde(skip_serializing_if = "Option::is_none")]
        perhaps: Option<u8>,
        #[serde(skip_serializing)]
        _not_written: Foreign,
        #[serde(skip_deserializing)]
        kept: u8,
    }
    let value = |perhaps| Skipping { _skipped: Foreign(1), perhaps, _not_written: Foreign(1), kept: 1 };
    let written = holds(Shape::Object, "perhaps? kept", &[value(None), value(Some(1))]);
    fields!(&written => Skipping { 0: Option<u8>, 1: u8; 2 });

    #[derive(Serialize, TeleflowPayload)]
    struct Empty {}
    holds(Shape::Object, "", &[Empty {}]).and_no_more::<Empty, 0>();
}

#[test]
fn what_another_function_writes_is_not_known_but_can_be_said() {
    #[derive(Serialize, TeleflowPayload)]
    struct With {
        #[serde(serialize_with = "number")]
        unknown: Foreign,
        #[serde(with = "teleflow::as_string")]
        text: u64,
        #[serde(serialize_with = "number")]
        #[teleflow(kind = "number")]
        said: String,
        #[teleflow(kind = "number")]
        foreign: Option<Foreign>,
        #[teleflow(kind = "any")]
        any: Foreign,
        #[serde(serialize_with = "number")]
        #[teleflow(kind = "number")]
        never_null: Option<Foreign>,
    }
    let value = |foreign| With {
        unknown: Foreign(1),
        text: 1,
        said: String::new(),
        foreign,
        any: Foreign(1),
        never_null: None,
    };
    let values = [value(None), value(Some(Foreign(1)))];
    let written = holds(Shape::Object, "unknown text said foreign any never_null", &values);
    fields!(&written => With {
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
    let written = holds(Shape::Object, "string boolean date array object", &[value]);
    fields!(&written => EveryKind { 0: kind::String, 1: kind::Boolean, 2: kind::Date, 3: kind::Array, 4: kind::Object; 5 });
}

#[test]
fn with_what_is_flattened_not_all_names_are_known() {
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
    let written = holds(Shape::Map, "type before after?", &[value(None, ""), value(Some(line(None)), "a")]);
    fields!(&written => Open { 0: kind::String, 1: u8, 2: &str; 3 });

    #[derive(Serialize, TeleflowPayload)]
    struct Closed {
        own: u8,
        #[serde(flatten, skip_serializing)]
        _rest: Foreign,
    }
    fields!(holds(Shape::Object, "own", &[Closed { own: 1, _rest: Foreign(1) }]) => Closed { 0: u8; 1 });
}

#[test]
fn generic_types_say_what_they_are_made_of() {
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
    let written = holds(Shape::Object, "items first next?", &[page(None), page(Some(Box::new(page(None))))]);
    fields!(&written => Page<'_, i32, 2> { 0: Vec<i32>, 1: &i32, 2: Option<Box<Page<'_, i32, 2>>>; 3 });
    written.field::<Page<'_, i32, 2>, 0>().elements::<Vec<i32>>();
    fields!(written.field::<Page<'_, i32, 2>, 2>() => Option<Box<Page<'_, i32, 2>>> { 0: Vec<i32>, 1: &i32; 3 });
}

/// The types of fields may be less public than the type around them.
mod with_private_fields {
    use super::*;

    #[derive(Serialize, TeleflowPayload)]
    pub struct Public {
        private: Option<Vec<std::collections::BTreeSet<String>>>,
        custom: Private,
        pub open: Fine,
        pub(crate) restricted: Fine,
        #[teleflow(kind = "number")]
        said: Private,
        of_a_crate: Option<serde_json::Value>,
        with_a_name_that_is_used_elsewhere: Tenant,
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

    /// The name of a public type, and private.
    mod with_the_names_of_public_types {
        #![expect(private_interfaces, reason = "that is what is tested")]

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
        fn are_what_they_are() {
            use super::{Shape, holds};

            let cow = Cow::A { cell: Cell(1), duration: Duration(1) };
            let b = Cow::B(Url(1));
            let value = Public { cell: vec![Cell(1)], duration: None, url: Url(1), cow, deliver_at: DeliverAt(1) };
            let other = Public { cell: vec![Cell(1)], duration: None, url: Url(1), cow: b, deliver_at: DeliverAt(1) };
            let written = holds(Shape::Object, "cell duration url cow deliver_at", &[value, other]);
            written.field::<Public, 0>().elements::<Vec<Cell>>();
            super::fields!(written => Public { 0: Vec<Cell>, 1: Option<Duration>, 2: Url, 3: Cow, 4: DeliverAt; 5 });
            holds(Shape::Array, "", &[Pair(Cell(1), Cell(1))]).elements::<Pair>();
        }
    }

    #[test]
    fn are_looked_into() {
        #[derive(Serialize, TeleflowPayload)]
        pub struct Said {
            #[teleflow(kind = "object")]
            private: Private,
        }
        let private = || Private { x: 1 };
        let value = Said { private: private() };
        fields!(holds(Shape::Object, "private", &[value]) => Said { 0: kind::Object; 1 });
        let value = Restricted { private: private(), restricted: Fine(1) };
        fields!(holds(Shape::Object, "private restricted", &[value]) => Restricted { 0: Private, 1: Fine; 2 });
        same::<crate::payload_types::At<Public, 0>, Option<Vec<std::collections::BTreeSet<String>>>>();
        same::<crate::payload_types::At<Public, 1>, Private>();
        same::<crate::payload_types::At<Public, 2>, Fine>();
        same::<crate::payload_types::At<Public, 3>, Fine>();
        same::<crate::payload_types::At<Public, 4>, kind::Number>();
        same::<crate::payload_types::At<Public, 5>, Option<serde_json::Value>>();
        same::<crate::payload_types::At<Public, 6>, Tenant>();
        holds(Shape::Object, "x", &[Newtype(private())]);
        holds(Shape::Object, "x", &[Into]);
        same::<crate::payload_types::At<Newtype, 0>, u8>();
        same::<crate::payload_types::At<Into, 0>, u8>();
        let _ = |public: Public| (public.private, public.custom, public.open, public.restricted, public.said);
        let _ = |public: Public| (public.of_a_crate, public.with_a_name_that_is_used_elsewhere);
    }
}

/// The example that the derive's documentation shows.
#[path = "../../../teleflow-macros/docs/payload.rs"]
mod example;

#[test]
fn the_example_says_what_it_writes() {
    use example::{Delivery, Line, Money};

    let line = |delivery| Line {
        sku: String::from("A-7"),
        unit_price: Money { cents: 705 },
        delivery,
        measures: serde_json::json!({"cm": 3}),
    };
    let post = Delivery::Post { street: String::new(), city: String::new() };
    let lines = [line(post), line(Delivery::Drone { city: String::new() })];
    let written = holds(Shape::Object, "sku unitPrice delivery measures", &lines);
    fields!(&written => Line { 0: String, 1: Money, 2: Delivery, 3: kind::Object; 4 });
    fields!(written.field::<Line, 2>() => Delivery { 0: kind::String, 1: String, 2: String; 3 });
    assert_eq!(serde_json::to_value(Money { cents: 705 }).unwrap(), "7.05 EUR");
}

#[deny(clippy::pedantic, clippy::nursery, missing_docs)]
mod pedantic {
    //! Generated code is silent under the lints of clippy, too.

    use super::{Serialize, TeleflowPayload};

    /// With all that changes what is generated.
    #[derive(Debug, Serialize, TeleflowPayload)]
    #[serde(tag = "type")]
    pub struct Everything<'a, T> {
        /// A name.
        pub name: &'a str,
        /// A list.
        pub list: Vec<T>,
        /// A kind.
        #[teleflow(kind = "number")]
        pub kind: Option<T>,
        /// What is not looked into.
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
    fn holds() {
        let value = Everything { name: "a", list: vec![1], kind: Some(1), inner: Inner(1) };
        super::holds(super::Shape::Object, "type name list kind inner", &[value]);
        super::holds(super::Shape::Array, "", &[Either::One(vec![]), Either::Other(vec![])]);
    }
}

#[test]
fn a_marker_is_null() {
    #[derive(Serialize, TeleflowPayload)]
    struct Marked<T> {
        marker: PhantomData<T>,
    }
    let written = holds(Shape::Object, "marker", &[Marked::<Foreign> { marker: PhantomData }]);
    fields!(&written => Marked<Foreign> { 0: PhantomData<Foreign>; 1 });
}
