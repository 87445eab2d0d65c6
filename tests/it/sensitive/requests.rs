//! The paths to sensitive values in bulks, stored requests, and requests that are built from others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use teleflow::transport::{Transport, TransportFuture};
use teleflow::{Bulk, Client, Delivery, Event, RecipientGuard, Request, TeleflowWorkflow, Verdict, bulk};
use teleflow_emulator::{Emulator, Workflow};

use super::{CARD_ADDED, CardAdded};

const NONE: [&str; 0] = [];
const PATHS: [&str; 2] = ["/cardNumber", "/secret~1pin"];

fn mixed() -> Bulk {
    bulk![
        Event::untyped("welcome", json!({"plan": "gold"})).to("ada"),
        CARD_ADDED.to("ada"),
        CARD_ADDED.to("ben").into_request()
    ]
}

fn paths(request: &Request) -> Vec<Vec<String>> {
    request.sensitive_paths().map(<[String]>::to_vec).collect()
}

#[test]
fn the_events_of_a_bulk_keep_their_paths() {
    let request = mixed().into_request().unwrap();
    assert_eq!(paths(&request), [&NONE[..], &PATHS, &PATHS]);
    let command = request.to_curl();
    assert!(!command.contains("4000-1234") && !command.contains("4711"), "{command}");
    assert_eq!(command.matches("[redacted]").count(), 4);
    assert!(command.contains(r#""payload":{"plan":"gold"}"#), "{command}");
}

#[test]
fn a_stored_request_keeps_its_paths() {
    let request = mixed().into_request().unwrap();
    let stored = serde_json::to_value(&request).unwrap();
    assert_eq!(stored["events"][1]["sensitive"], json!(PATHS));
    assert_eq!(stored["events"][0].get("sensitive"), None);
    let restored: Request = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!((&restored, restored.to_curl()), (&request, request.to_curl()));

    for malformed in [json!(["cardNumber"]), json!("/cardNumber"), json!([7]), Value::Null] {
        let mut stored = stored.clone();
        stored["events"][1]["sensitive"] = malformed.clone();
        let error = serde_json::from_value::<Request>(stored).expect_err("it is malformed").to_string();
        let message = if malformed == json!(["cardNumber"]) { "not a JSON pointer" } else { "is missing or malformed" };
        assert!(error.contains(message) && !error.contains("cardNumber"), "{malformed}: {error}");
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Nested {
    Object {
        a: Box<Self>,
    },
    Innermost {
        #[serde(serialize_with = "teleflow::sensitive")]
        a: u8,
    },
}

#[test]
fn a_path_is_at_most_as_deep_as_a_payload() {
    let payload = (1..100).fold(Nested::Innermost { a: 7 }, |inner, _| Nested::Object { a: Box::new(inner) });
    let request = Event::untyped("w", payload).to("ada").into_request().unwrap();
    assert_eq!(paths(&request), [["/a".repeat(100)]]);
    let mut stored = serde_json::to_value(&request).unwrap();
    assert_eq!(serde_json::from_value::<Request>(stored.clone()).unwrap(), request);

    for depth in [101, 1_000_000] {
        stored["events"][0]["sensitive"] = json!(["/a".repeat(depth)]);
        let request = serde_json::from_value::<Request>(stored.clone());
        let error = request.map(|request| request.to_curl()).expect_err("it is too deep").to_string();
        assert!(error.contains("is too deep"), "{depth}: {error}");
    }
}

#[test]
fn debug_output_has_no_paths() {
    // A path contains the keys of maps.
    let payload = BTreeMap::from([("ada@example.com", super::CARD)]);
    let request = Event::untyped("w", payload).to("ada").into_request().unwrap();
    assert_eq!(paths(&request), [["/ada@example.com/number"]]);
    let debug = format!("{request:?}");
    assert!(debug.contains("<1 paths>") && !debug.contains("example.com"), "{debug}");
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "w")]
struct Codes {
    plain: BTreeMap<&'static str, u64>,
    #[teleflow(sensitive)]
    codes: BTreeMap<&'static str, u64>,
    #[serde(serialize_with = "teleflow::sensitive")]
    marked: BTreeMap<&'static str, Vec<u64>>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "w")]
struct FlattenedCodes {
    plain: BTreeMap<&'static str, u64>,
    #[serde(flatten)]
    #[teleflow(sensitive)]
    codes: BTreeMap<&'static str, u64>,
}

#[test]
fn an_error_has_no_keys_of_a_sensitive_field() {
    let [none, codes] = [BTreeMap::new, || BTreeMap::from([("my-code", u64::MAX)])].map(|map| map());
    let error = |plain: &BTreeMap<_, _>, codes: &BTreeMap<_, _>, marked: BTreeMap<_, _>| {
        let event = Codes { plain: plain.clone(), codes: codes.clone(), marked };
        event.to("ada").into_request().unwrap_err().to_string()
    };
    let marked = BTreeMap::from([("my-code", vec![u64::MAX])]);
    let flattened = |plain: &BTreeMap<_, _>, codes: &BTreeMap<_, _>| {
        let event = FlattenedCodes { plain: plain.clone(), codes: codes.clone() };
        event.to("ada").into_request().unwrap_err().to_string()
    };
    for (error, path) in [
        (error(&codes, &none, BTreeMap::new()), "`payload.plain.my-code` is an integer"),
        (error(&none, &codes, BTreeMap::new()), "`payload.codes` is an integer"),
        (error(&none, &none, marked), "`payload.marked` is an integer"),
        (flattened(&codes, &none), "`payload.plain.my-code` is an integer"),
        (flattened(&none, &codes), "`payload` is an integer"),
    ] {
        assert!(error.contains(path), "{error}");
    }
}

/// Records the requests, and passes them to an emulator.
#[derive(Clone)]
struct Recorder(Emulator, Arc<Mutex<Vec<Request>>>);

impl Transport for Recorder {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        self.1.lock().unwrap().push(request.clone());
        self.0.attempt(request)
    }
}

impl Recorder {
    fn new() -> Self {
        Self(Emulator::new().accept_unknown_workflows(), Arc::default())
    }

    /// The paths of the recorded requests.
    fn paths(&self) -> Vec<Vec<Vec<String>>> {
        self.1.lock().unwrap().iter().map(paths).collect()
    }
}

#[tokio::test]
async fn bulks_that_are_split_redirected_or_fanned_out_keep_their_paths() {
    // A transport sees the paths of a bulk, and of its events if they are sent alone.
    let recorder = Recorder::new();
    let client = Client::builder().transport(recorder.clone()).build().unwrap();
    assert!(mixed().send(&client).await.all_queued());
    let mut results = client.fan_out([CARD_ADDED.to("ada")]);
    assert!(results.next().await.is_some_and(|(_, result)| result.is_ok()));
    assert_eq!(recorder.paths().concat(), [&NONE[..], &PATHS, &PATHS, &PATHS]);

    let recorder = Recorder::new();
    let guard = RecipientGuard::redirect_to("eve");
    let client = Client::builder().transport(recorder.clone()).recipients(guard).build().unwrap();
    CARD_ADDED.to("ada").send(&client).await.unwrap();
    let recorded = recorder.1.lock().unwrap();
    assert!(recorded[0].to_curl().contains(r#""to":{"subscriberId":"eve"}"#), "{}", recorded[0].to_curl());
    assert_eq!(paths(&recorded[0]), [PATHS]);
}

#[tokio::test]
async fn the_requests_of_a_verdict_keep_their_paths() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let verdict = emulator.client().deliver(&mixed().into_request().unwrap(), Delivery::new(1, Duration::ZERO)).await;
    let Verdict::Replace { parts, .. } = verdict else { panic!("one of three events is queued: {verdict:?}") };
    let all: Vec<_> = parts.iter().flat_map(|(request, _)| paths(request)).collect();
    assert_eq!(all, [PATHS, PATHS]);
}

#[test]
fn a_payload_behind_a_reference_keeps_its_paths() {
    let event: CardAdded<'_> = CARD_ADDED;
    let request = (&event).to("ada").into_request().unwrap();
    assert_eq!(paths(&request), [PATHS]);
}
