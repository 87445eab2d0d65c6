//! Only whole JSON is sent, whatever a `Serialize` does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::ser::{Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer};
use serde_json::{Value, json};
use teleflow::transport::{Attempt, Response, Transport};
use teleflow::{Bulk, ErrorKind, Event, Request};

/// A `Serialize` out of a closure.
struct Odd(usize);

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

/// Each as a value that a payload holds: the way in which it is written, and the word that the complaint has.
const WAYS: [&str; 17] = [
    "not today",
    "not today",
    "beyond",
    "reserved",
    "no value",
    "no value",
    "no key",
    "no value",
    "not today",
    "not today",
    "end",
    "end",
    "Display",
    "Display",
    "twice",
    "missing",
    "not a string",
];

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const RAW: &str = "$serde_json::private::RawValue";
        if self.0 == 8 || self.0 == 9 {
            let mut seq = serializer.serialize_seq(None)?;
            let _ = if self.0 == 8 { seq.serialize_element(&Failing) } else { seq.serialize_element(&Halfway) };
            let _ = seq.serialize_element(&1);
            return seq.end();
        }
        if self.0 >= 14 {
            let mut fields = serializer.serialize_struct(RAW, 1)?;
            match self.0 {
                14 => {
                    fields.serialize_field(RAW, "1")?;
                    let _ = fields.serialize_field(RAW, "2");
                }
                15 => {}
                _ => {
                    let _ = fields.serialize_field(RAW, &1);
                }
            }
            return fields.end();
        }
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            0 => drop(map.serialize_entry("a", &Failing)),
            1 => drop(map.serialize_entry("a", &Halfway)),
            2 => drop(map.serialize_entry("a", &u64::MAX)),
            3 => drop(map.serialize_entry("toString", &1)),
            4 => map.serialize_key("a")?,
            5 => {
                map.serialize_key("a")?;
                drop(map.serialize_entry("b", &1));
            }
            6 => drop(map.serialize_value(&1)),
            7 => {
                map.serialize_key("a")?;
                drop(map.serialize_key("b"));
                drop(map.serialize_value(&1));
            }
            10 => drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry("a", &Panicking))))),
            11 => drop(catch_unwind(AssertUnwindSafe(|| drop(map.serialize_entry(&PanickingKey, &1))))),
            12 => drop(map.serialize_entry("a", &NotShown)),
            _ => drop(map.serialize_entry(&NotShown, &1)),
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
fn what_a_serialize_swallows_is_refused_all_the_same() {
    for (way, word) in WAYS.iter().enumerate() {
        let error = event(json_of(way)).into_request().expect_err(word);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{way}: {error}");
        let text = error.to_string();
        assert!(text.contains(word) && text.contains("payload.x"), "{way}: no {word} in: {text}");
        if way < 8 || way == 10 || way == 12 {
            assert!(event(Odd(way)).into_request().is_err(), "{way}");
        }
    }
}

/// The value between others.
fn json_of(way: usize) -> impl Serialize {
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
    for way in 0..WAYS.len() {
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
    fn attempt<'a>(&'a self, request: &'a Request) -> Attempt<'a> {
        let mut body: Value = serde_json::from_slice(request.body()).expect("a body is JSON");
        let events = std::mem::take(body["events"].as_array_mut().unwrap());
        let result = |event: &Value| json!({"acknowledged": true, "status": "processed", "transactionId": event["transactionId"]});
        let results: Vec<Value> = events.iter().map(result).collect();
        self.0.lock().unwrap().extend(events);
        Box::pin(async move { Ok(Response::new(201, Default::default(), json!({"data": results}).to_string())) })
    }
}
