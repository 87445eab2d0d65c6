//! Only complete JSON is sent, even if an implementation of `Serialize` is broken.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::ser::{Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Bulk, ErrorKind, Event, Request};

/// A value whose `Serialize` has this defect.
#[derive(Clone, Copy)]
struct Broken(Defect);

struct Failing;

impl Serialize for Failing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("not today"))
    }
}

/// Fails after its first entry.
struct Halfway;

impl Serialize for Halfway {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("first", &1)?;
        Err(S::Error::custom("not today"))
    }
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("first", &1)?;
        panic!("a `Serialize` that panics")
    }
}

struct FailingDisplay;

impl std::fmt::Display for FailingDisplay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("first")?;
        Err(std::fmt::Error)
    }
}

impl Serialize for FailingDisplay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a [`Broken`] value violates the contract of `Serialize`.
#[derive(Debug, Clone, Copy)]
enum Defect {
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
    FailingDisplayValue,
    FailingDisplayKey,
    RawTwice,
    RawMissing,
    RawNumber,
}

/// Each defect, a phrase of its error, and whether the value is also tested as the whole payload.
const DEFECTS: [(Defect, &str, bool); 17] = [
    (Defect::FailingValue, "not today", true),
    (Defect::HalfwayValue, "not today", true),
    (Defect::LargeInteger, "beyond", true),
    (Defect::ReservedKey, "reserved", true),
    (Defect::KeyWithoutValue, "no value", true),
    (Defect::EntryAfterKey, "no value", true),
    (Defect::ValueWithoutKey, "no key", true),
    (Defect::KeyAfterKey, "no value", true),
    (Defect::FailingElement, "not today", false),
    (Defect::HalfwayElement, "not today", false),
    (Defect::PanickingValue, "end", true),
    (Defect::PanickingKey, "end", false),
    (Defect::FailingDisplayValue, "Display", true),
    (Defect::FailingDisplayKey, "Display", false),
    (Defect::RawTwice, "twice", false),
    (Defect::RawMissing, "missing", false),
    (Defect::RawNumber, "not a string", false),
];

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Defect::FailingElement | Defect::HalfwayElement => self.serialize_seq(serializer),
            Defect::RawTwice | Defect::RawMissing | Defect::RawNumber => self.serialize_raw(serializer),
            _ => self.serialize_map(serializer),
        }
    }
}

impl Broken {
    fn serialize_seq<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        let _ = match self.0 {
            Defect::FailingElement => seq.serialize_element(&Failing),
            _ => seq.serialize_element(&Halfway),
        };
        let _ = seq.serialize_element(&1);
        seq.end()
    }

    fn serialize_raw<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        const RAW: &str = "$serde_json::private::RawValue";
        let mut fields = serializer.serialize_struct(RAW, 1)?;
        match self.0 {
            Defect::RawTwice => {
                fields.serialize_field(RAW, "1")?;
                let _ = fields.serialize_field(RAW, "2");
            }
            Defect::RawNumber => drop(fields.serialize_field(RAW, &1)),
            _ => {}
        }
        fields.end()
    }

    fn serialize_map<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Defect::FailingValue => drop(map.serialize_entry("a", &Failing)),
            Defect::HalfwayValue => drop(map.serialize_entry("a", &Halfway)),
            Defect::LargeInteger => drop(map.serialize_entry("a", &u64::MAX)),
            Defect::ReservedKey => drop(map.serialize_entry("toString", &1)),
            Defect::KeyWithoutValue => map.serialize_key("a")?,
            Defect::EntryAfterKey => {
                map.serialize_key("a")?;
                drop(map.serialize_entry("b", &1));
            }
            Defect::ValueWithoutKey => drop(map.serialize_value(&1)),
            Defect::KeyAfterKey => {
                map.serialize_key("a")?;
                drop(map.serialize_key("b"));
                drop(map.serialize_value(&1));
            }
            Defect::PanickingValue => {
                drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry("a", &Panicking)))));
            }
            Defect::PanickingKey => {
                drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry(&PanickingKey, &1)))));
            }
            Defect::FailingDisplayValue => drop(map.serialize_entry("a", &FailingDisplay)),
            Defect::FailingDisplayKey => drop(map.serialize_entry(&FailingDisplay, &1)),
            Defect::FailingElement
            | Defect::HalfwayElement
            | Defect::RawTwice
            | Defect::RawMissing
            | Defect::RawNumber => {}
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
fn an_error_that_a_serialize_swallows_still_rejects_the_payload() {
    for (defect, phrase, is_payload) in DEFECTS {
        let error = event(nested(defect)).into_request().expect_err(phrase);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{defect:?}: {error}");
        let text = error.to_string();
        assert!(text.contains(phrase) && text.contains("payload.x"), "{defect:?}: no {phrase} in: {text}");
        if is_payload {
            assert!(event(Broken(defect)).into_request().is_err(), "{defect:?}");
        }
    }
}

/// The value inside a list inside a map.
fn nested(defect: Defect) -> impl Serialize {
    std::collections::BTreeMap::from([("x", [Broken(defect)])])
}

/// Swallows the error of its inner value.
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
fn an_error_that_several_levels_swallow_still_rejects_the_payload() {
    let error = event(Swallowing(Swallowing(Swallowing(json!({"n": u64::MAX}))))).into_request().unwrap_err();
    assert!(error.to_string().contains("`payload.inner.inner.inner.n`"), "{error}");
    assert!(event(Swallowing(Swallowing(json!({"n": 1})))).into_request().is_ok());
}

/// A sequence with a declared and an actual length.
struct Length(Option<usize>, usize);

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.0)?;
        (0..self.1).try_for_each(|n| seq.serialize_element(&n))?;
        seq.end()
    }
}

/// A tuple with a declared and an actual length.
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
fn a_wrong_declared_length_is_ignored() {
    let request = event(Lengths).into_request().unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], json!({"none": [], "short": [0, 1], "long": [0], "tuple": [0, 1], "empty": []}));
}

#[test]
fn in_a_bulk_only_the_events_with_a_broken_serialize_are_rejected() {
    let mut bulk = Bulk::new();
    bulk.push(event(json!({"n": 0})));
    for (defect, ..) in DEFECTS {
        bulk.push(event(nested(defect)));
    }
    for _ in 0..2 {
        assert!(catch_unwind(AssertUnwindSafe(|| bulk.push(event(Panicking)))).is_err());
    }
    bulk.push(event(json!({"n": 1})));
    assert!(catch_unwind(AssertUnwindSafe(|| bulk.push(event(Panicking)))).is_err());
    // Events that panicked are not in the bulk; all others are.
    assert_eq!(bulk.len(), DEFECTS.len() + 2);
    let transport = RecordingTransport::default();
    let client = teleflow::Client::builder().transport(transport.clone()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let report = runtime.block_on(bulk.send(&client));
    let invalid = report.errors().filter(|(_, error)| error.kind() == ErrorKind::Invalid).count();
    assert_eq!(invalid, DEFECTS.len());
    let payloads: Vec<Value> = transport.0.lock().unwrap().iter().map(|event| event["payload"].clone()).collect();
    assert_eq!(payloads, [json!({"n": 0}), json!({"n": 1})]);
}

/// Queues the events of bulks and records them.
#[derive(Clone, Default)]
struct RecordingTransport(Arc<Mutex<Vec<Value>>>);

impl Transport for RecordingTransport {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let mut body: Value = serde_json::from_slice(request.body()).expect("a body is JSON");
        let events = std::mem::take(body["events"].as_array_mut().unwrap());
        let result = |event: &Value| json!({"acknowledged": true, "status": "processed", "transactionId": event["transactionId"]});
        let results: Vec<Value> = events.iter().map(result).collect();
        self.0.lock().unwrap().extend(events);
        Box::pin(async move { Ok(Response::new(201, Default::default(), json!({"data": results}).to_string())) })
    }
}
