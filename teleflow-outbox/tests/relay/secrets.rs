//! Logs, errors and `Debug` contain no payload, no recipient and no API key.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use teleflow::{Broadcast, Client, Event, Request, RetryPolicy, bulk};
use teleflow_emulator::{Fault, Kind, Reply, Workflow};
use teleflow_outbox::{Outbox, Relay};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

use crate::queue::Queue;

/// It is part of every payload, recipient and key.
const SECRET: &str = "Zaphod";

/// All levels, with the fields of the spans.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        attributes.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn event(trigger: &str) -> Event<teleflow::Untyped<serde_json::Value>, String> {
    Event::untyped(trigger.to_owned(), json!({ "name": SECRET })).to(format!("subscriber-{SECRET}"))
}

fn requests() -> [Request; 5] {
    [
        event("welcome").into_request().unwrap(),
        event("unknown-workflow").into_request().unwrap(),
        // A variable is missing.
        event("invoice").into_request().unwrap(),
        bulk![event("welcome"), event("invoice")].into_request().unwrap(),
        Broadcast::untyped("welcome", json!({ "name": SECRET })).into_request().unwrap(),
    ]
}

#[tokio::test]
async fn logs_and_debug_contain_no_payload_and_no_key() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let queue = Queue::new();
    let key = format!("key-{SECRET}");
    let server = queue.server.emulator.with_api_key(&*key);
    server.workflow(Workflow::new("welcome"));
    server.workflow(Workflow::new("invoice").required("amount", Kind::String));
    let client = Client::builder().transport(server).api_key(&key).retry(RetryPolicy::none());
    let client = client.deadline(std::time::Duration::from_secs(10)).build().unwrap();
    let requests = requests();
    let mut shown = Vec::new();
    for request in &requests {
        queue.put(request);
        let put = Outbox::sqlite("teleflow").put(request).unwrap();
        assert!(put.message().contains(SECRET));
        shown.push(format!("{put:?}"));
    }
    let stored = serde_json::to_value(&requests[0]).unwrap();
    for (field, value) in [
        ("endpoint", json!(SECRET)),
        ("body", json!({ "name": SECRET })),
        ("body", json!(format!(r#"{{"name":"{SECRET}"}}"#))),
        ("events", json!([SECRET])),
        ("idempotency_key", json!([SECRET])),
        ("version", json!(SECRET)),
    ] {
        let mut stored = stored.clone();
        stored[field] = value;
        queue.put_text(&stored.to_string());
    }
    let poison =
        [format!("{SECRET:?}"), format!("[{SECRET:?}]"), SECRET.to_owned(), format!(r#"{{"name":{SECRET:?}}}"#)];
    poison.iter().for_each(|text| queue.put_text(text));

    let faults = [Some(Fault::CloseAfter), None, Some(Fault::Reply(Reply::new(500))), Some(Fault::GarbageBody)];
    queue.server.emulator.faults().script(faults);
    let builder = Relay::builder(client, queue.store().await);
    shown.push(format!("{builder:?}"));
    let relay = builder.build().unwrap();
    for _ in 0..4 {
        relay.once().await.unwrap();
        queue.show_all();
    }
    let gauges = relay.gauges().await.unwrap();
    assert!(gauges.sent > 0 && gauges.retried > 0 && gauges.dead > 10, "{gauges:?}");
    for message in relay.dead().await.unwrap() {
        shown.push(format!("{message:?} {}", message.reason()));
    }
    shown.push(format!("{relay:?} {:?} {gauges:?}", queue.store().await));
    queue.break_schema();
    let error = relay.once().await.unwrap_err();
    shown.push(format!("{error:?} {error}"));

    let log = log.text();
    assert!(log.contains("sent again later") && log.contains("dead"), "{log}");
    for text in shown.iter().chain([&log]) {
        assert!(!text.contains(SECRET), "{text}");
    }
}
