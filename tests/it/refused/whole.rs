//! Only whole JSON is sent, whatever a `Serialize` does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::ser::{Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Bulk, ErrorKind, Event, Request};

/// A `Serialize` that does something wrong.
#[derive(Clone, Copy)]
struct Odd(Way);

struct Failing;

impl Serialize for Failing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("not today"))
    }
}

/// Fails when a part of it is written.
struct Halfway;

impl Serialize for Halfway {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("begun", &1)?;
        Err(S::Error::custom("not today"))
    }
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("begun", &1)?;
        panic!("a `Serialize` that panics")
    }
}

struct NotShown;

impl std::fmt::Display for NotShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("begun")?;
        Err(std::fmt::Error)
    }
}

impl Serialize for NotShown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What an [`Odd`] does wrong.
#[derive(Debug, Clone, Copy)]
enum Way {
    FailingValue,
    HalfwayValue,
    LargeInteger,
    ReservedKey,
    KeyWithoutValue,
    EntryAfterKey,
    ValueWithoutKey,
    KeyAfterKey,
    FailingElement,
    HalfwayElement,
    PanickingValue,
    PanickingKey,
    ValueNotShown,
    KeyNotShown,
    RawTwice,
    RawMissing,
    RawNumber,
}

/// Each way, a word of its error, and whether it is also tried as the whole payload.
const WAYS: [(Way, &str, bool); 17] = [
    (Way::FailingValue, "not today", true),
    (Way::HalfwayValue, "not today", true),
    (Way::LargeInteger, "beyond", true),
    (Way::ReservedKey, "reserved", true),
    (Way::KeyWithoutValue, "no value", true),
    (Way::EntryAfterKey, "no value", true),
    (Way::ValueWithoutKey, "no key", true),
    (Way::KeyAfterKey, "no value", true),
    (Way::FailingElement, "not today", false),
    (Way::HalfwayElement, "not today", false),
    (Way::PanickingValue, "end", true),
    (Way::PanickingKey, "end", false),
    (Way::ValueNotShown, "Display", true),
    (Way::KeyNotShown, "Display", false),
    (Way::RawTwice, "twice", false),
    (Way::RawMissing, "missing", false),
    (Way::RawNumber, "not a string", false),
];

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Way::FailingElement | Way::HalfwayElement => self.serialize_seq(serializer),
            Way::RawTwice | Way::RawMissing | Way::RawNumber => self.serialize_raw(serializer),
            _ => self.serialize_map(serializer),
        }
    }
}

impl Odd {
    fn serialize_seq<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        let _ = match self.0 {
            Way::FailingElement => seq.serialize_element(&Failing),
            _ => seq.serialize_element(&Halfway),
        };
        let _ = seq.serialize_element(&1);
        seq.end()
    }

    fn serialize_raw<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        const RAW: &str = "$serde_json::private::RawValue";
        let mut fields = serializer.serialize_struct(RAW, 1)?;
        match self.0 {
            Way::RawTwice => {
                fields.serialize_field(RAW, "1")?;
                let _ = fields.serialize_field(RAW, "2");
            }
            Way::RawNumber => drop(fields.serialize_field(RAW, &1)),
            _ => {}
        }
        fields.end()
    }

    fn serialize_map<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Way::FailingValue => drop(map.serialize_entry("a", &Failing)),
            Way::HalfwayValue => drop(map.serialize_entry("a", &Halfway)),
            Way::LargeInteger => drop(map.serialize_entry("a", &u64::MAX)),
            Way::ReservedKey => drop(map.serialize_entry("toString", &1)),
            Way::KeyWithoutValue => map.serialize_key("a")?,
            Way::EntryAfterKey => {
                map.serialize_key("a")?;
                drop(map.serialize_entry("b", &1));
            }
            Way::ValueWithoutKey => drop(map.serialize_value(&1)),
            Way::KeyAfterKey => {
                map.serialize_key("a")?;
                drop(map.serialize_key("b"));
                drop(map.serialize_value(&1));
            }
            Way::PanickingValue => {
                drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry("a", &Panicking)))));
            }
            Way::PanickingKey => {
                drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry(&PanickingKey, &1)))));
            }
            Way::ValueNotShown => drop(map.serialize_entry("a", &NotShown)),
            Way::KeyNotShown => drop(map.serialize_entry(&NotShown, &1)),
            Way::FailingElement | Way::HalfwayElement | Way::RawTwice | Way::RawMissing | Way::RawNumber => {}
        }
        let _ = map.serialize_entry("later", &1);
        map.end()
    }
}

struct PanickingKey;

impl Serialize for PanickingKey {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("a key that panics")
    }
}

fn event(payload: impl Serialize) -> Event<teleflow::Untyped<impl Serialize>, &'static str> {
    Event::untyped("welcome", payload).to("ada").transaction_id("t")
}

#[test]
fn an_error_that_a_serialize_swallows_is_still_refused() {
    for (way, word, is_whole) in WAYS {
        let error = event(json_of(way)).into_request().expect_err(word);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{way:?}: {error}");
        let text = error.to_string();
        assert!(text.contains(word) && text.contains("payload.x"), "{way:?}: no {word} in: {text}");
        if is_whole {
            assert!(event(Odd(way)).into_request().is_err(), "{way:?}");
        }
    }
}

/// The value between others.
fn json_of(way: Way) -> impl Serialize {
    std::collections::BTreeMap::from([("x", [Odd(way)])])
}

/// A value that swallows whatever an inner one says.
struct Swallowing<T>(T);

impl<T: Serialize> Serialize for Swallowing<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        let _ = map.serialize_entry("inner", &self.0);
        let _ = map.serialize_entry("after", &1);
        map.end()
    }
}

#[test]
fn a_refusal_is_remembered_through_any_number_of_levels() {
    let error = event(Swallowing(Swallowing(Swallowing(json!({"n": u64::MAX}))))).into_request().unwrap_err();
    assert!(error.to_string().contains("`payload.inner.inner.inner.n`"), "{error}");
    assert!(event(Swallowing(Swallowing(json!({"n": 1})))).into_request().is_ok());
}

/// Says a length that is not the one it has.
struct Length(Option<usize>, usize);

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.0)?;
        (0..self.1).try_for_each(|n| seq.serialize_element(&n))?;
        seq.end()
    }
}

struct TupleLength(usize, usize);

impl Serialize for TupleLength {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_tuple(self.0)?;
        (0..self.1).try_for_each(|n| seq.serialize_element(&n))?;
        seq.end()
    }
}

struct Lengths;

impl Serialize for Lengths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Lengths", 0)?;
        fields.serialize_field("none", &Length(None, 0))?;
        fields.serialize_field("short", &Length(Some(0), 2))?;
        fields.serialize_field("long", &Length(Some(9), 1))?;
        fields.serialize_field("tuple", &TupleLength(0, 2))?;
        fields.serialize_field("empty", &TupleLength(3, 0))?;
        fields.end()
    }
}

#[test]
fn a_wrong_length_does_no_harm() {
    let request = event(Lengths).into_request().unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], json!({"none": [], "short": [0, 1], "long": [0], "tuple": [0, 1], "empty": []}));
}

#[test]
fn in_a_bulk_only_the_event_that_is_not_whole_is_refused() {
    let mut bulk = Bulk::new();
    bulk.push(event(json!({"n": 0})));
    for (way, ..) in WAYS {
        bulk.push(event(json_of(way)));
    }
    for _ in 0..2 {
        assert!(catch_unwind(AssertUnwindSafe(|| bulk.push(event(Panicking)))).is_err());
    }
    bulk.push(event(json!({"n": 1})));
    assert!(catch_unwind(AssertUnwindSafe(|| bulk.push(event(Panicking)))).is_err());
    // What panicked is not in it; of the others each has its place.
    assert_eq!(bulk.len(), WAYS.len() + 2);
    let keeping = Keeping::default();
    let client = teleflow::Client::builder().transport(keeping.clone()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let report = runtime.block_on(bulk.send(&client));
    let invalid = report.errors().filter(|(_, error)| error.kind() == ErrorKind::Invalid).count();
    assert_eq!(invalid, WAYS.len());
    let payloads: Vec<Value> = keeping.0.lock().unwrap().iter().map(|event| event["payload"].clone()).collect();
    assert_eq!(payloads, [json!({"n": 0}), json!({"n": 1})]);
}

/// Keeps the events of bulks.
#[derive(Clone, Default)]
struct Keeping(Arc<Mutex<Vec<Value>>>);

impl Transport for Keeping {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let mut body: Value = serde_json::from_slice(request.body()).expect("a body is JSON");
        let events = std::mem::take(body["events"].as_array_mut().unwrap());
        let result = |event: &Value| json!({"acknowledged": true, "status": "processed", "transactionId": event["transactionId"]});
        let results: Vec<Value> = events.iter().map(result).collect();
        self.0.lock().unwrap().extend(events);
        Box::pin(async move { Ok(Response::new(201, Default::default(), json!({"data": results}).to_string())) })
    }
}
