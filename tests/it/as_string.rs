//! `teleflow::as_string`: numbers are serialized as strings, also inside options, lists and maps, and read back.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use teleflow::__private::Shape;
use teleflow::Event;
use teleflow::TeleflowPayload;

const BIG: u64 = u64::MAX;
const DIGITS: &str = "18446744073709551615";

#[derive(Debug, PartialEq, Serialize, Deserialize, TeleflowPayload)]
struct Owned {
    #[serde(with = "teleflow::as_string")]
    plain: u64,
    #[serde(with = "teleflow::as_string")]
    some: Option<u64>,
    #[serde(with = "teleflow::as_string")]
    none: Option<i128>,
    #[serde(default, with = "teleflow::as_string", skip_serializing_if = "Option::is_none")]
    absent: Option<u64>,
    #[serde(with = "teleflow::as_string")]
    list: Vec<u64>,
    #[serde(with = "teleflow::as_string")]
    array: [u64; 2],
    #[serde(with = "teleflow::as_string")]
    deep: Vec<Option<Vec<u64>>>,
    #[serde(with = "teleflow::as_string")]
    queue: VecDeque<u64>,
    #[serde(with = "teleflow::as_string")]
    sorted: BTreeSet<u64>,
    #[serde(with = "teleflow::as_string")]
    set: HashSet<u64>,
    #[serde(with = "teleflow::as_string")]
    map: BTreeMap<String, u64>,
    #[serde(with = "teleflow::as_string")]
    hashed: HashMap<u8, Option<u64>>,
    #[serde(with = "teleflow::as_string")]
    boxed: Box<Option<u64>>,
}

fn owned() -> Owned {
    Owned {
        plain: BIG,
        some: Some(BIG),
        none: None,
        absent: None,
        list: vec![BIG, 1],
        array: [BIG, 2],
        deep: vec![None, Some(vec![BIG])],
        queue: VecDeque::from([BIG]),
        sorted: BTreeSet::from([BIG]),
        set: HashSet::from([BIG]),
        map: BTreeMap::from([(String::from("a"), BIG)]),
        hashed: HashMap::from([(7, Some(BIG))]),
        boxed: Box::new(Some(BIG)),
    }
}

#[test]
fn every_number_in_an_option_a_list_or_a_map_becomes_a_string() {
    let expected = json!({
        "plain": DIGITS, "some": DIGITS, "none": null, "list": [DIGITS, "1"], "array": [DIGITS, "2"],
        "deep": [null, [DIGITS]], "queue": [DIGITS], "sorted": [DIGITS], "set": [DIGITS], "map": {"a": DIGITS},
        "hashed": {"7": DIGITS}, "boxed": DIGITS,
    });
    assert_eq!(serde_json::to_value(owned()).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Owned>(expected).unwrap(), owned());
    assert!(Event::untyped("welcome", owned()).to("ada").into_request().is_ok());
}

#[test]
fn borrowed_and_generic_fields_are_serialized_as_strings() {
    #[derive(Serialize)]
    struct Borrowed<'a, T: Display> {
        #[serde(with = "teleflow::as_string")]
        plain: &'a u64,
        #[serde(with = "teleflow::as_string")]
        some: Option<&'a u64>,
        #[serde(with = "teleflow::as_string")]
        of_some: &'a Option<u64>,
        #[serde(with = "teleflow::as_string")]
        slice: &'a [u64],
        #[serde(with = "teleflow::as_string")]
        cow: Cow<'a, [u64]>,
        #[serde(with = "teleflow::as_string")]
        shared: Arc<[u64]>,
        #[serde(with = "teleflow::as_string")]
        counted: Rc<u64>,
        #[serde(with = "teleflow::as_string")]
        generic: T,
        #[serde(with = "teleflow::as_string")]
        generics: Vec<T>,
        #[serde(with = "teleflow::as_string")]
        text: Cow<'a, str>,
    }
    let borrowed = Borrowed {
        plain: &BIG,
        some: Some(&BIG),
        of_some: &Some(BIG),
        slice: &[BIG],
        cow: Cow::Borrowed(&[BIG]),
        shared: Arc::from([BIG]),
        counted: Rc::new(BIG),
        generic: BIG,
        generics: vec![BIG],
        text: Cow::Borrowed("a"),
    };
    let expected = json!({
        "plain": DIGITS, "some": DIGITS, "of_some": DIGITS, "slice": [DIGITS], "cow": [DIGITS], "shared": [DIGITS],
        "counted": DIGITS, "generic": DIGITS, "generics": [DIGITS], "text": "a",
    });
    assert_eq!(serde_json::to_value(borrowed).unwrap(), expected);
}

#[test]
fn values_that_are_not_numeric_strings_are_rejected() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Pair {
        #[serde(with = "teleflow::as_string")]
        pair: Option<[u64; 2]>,
    }
    for bad in
        [json!(["1", 2]), json!(["1"]), json!(["1", "2", "3"]), json!(["1", null]), json!(["1", "x"]), json!("1")]
    {
        assert!(serde_json::from_value::<Pair>(json!({"pair": bad})).is_err(), "{bad}");
    }
    assert_eq!(serde_json::from_value::<Pair>(json!({"pair": null})).unwrap().pair, None);
    assert_eq!(serde_json::from_value::<Pair>(json!({"pair": ["1", "2"]})).unwrap().pair, Some([1, 2]));
}

#[test]
fn the_derive_gives_as_string_fields_the_shape_string_or_array() {
    let shape_of = |name: &str| {
        let field = Owned::FIELDS.iter().find(|field| field.name == name).unwrap();
        (field.shape, field.optional)
    };
    assert_eq!(shape_of("plain"), (Shape::String, false));
    assert_eq!(shape_of("some"), (Shape::String, true));
    assert_eq!(shape_of("list"), (Shape::Array, false));
    assert_eq!(shape_of("array"), (Shape::Array, false));
    // Any other type name may be an alias, so the shape is unknown.
    assert_eq!(shape_of("map").0, Shape::Unknown);
}
