//! `Client::deliver`: the verdict about a stored request, over the emulator with faults.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Broadcast, Bulk, Client, ClientBuilder, Delivery, Event, Pause, Request, RetryPolicy, Verdict};
use teleflow_emulator::{Emulator, Fault, Kind, Reply, Workflow};

mod bulk;
mod keys;
mod many;
mod property;
mod table;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.idempotency(false).workflow(Workflow::new("welcome"));
    emulator.workflow(Workflow::new("invoice").required("amount", Kind::String));
    emulator
}

/// A client that makes one attempt per delivery.
fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder().transport(emulator.clone()).retry(RetryPolicy::none())
}

fn client(emulator: &Emulator) -> Client {
    builder(emulator).build().unwrap()
}

/// The request after it was stored.
fn stored(request: teleflow::Result<Request>) -> Request {
    serde_json::from_str(&serde_json::to_string(&request.unwrap()).unwrap()).unwrap()
}

fn event(trigger: &str, payload: Value, id: &str) -> Event<teleflow::Untyped<Value>, &'static str> {
    Event::untyped(trigger.to_owned(), payload).to("ada").transaction_id(id)
}

fn welcome() -> Request {
    stored(event("welcome", json!({}), "t-1").into_request())
}

fn broadcast() -> Request {
    stored(Broadcast::untyped("welcome", json!({})).into_request())
}

fn first() -> Delivery {
    Delivery::new(1, Duration::ZERO)
}

fn reply(status: u16) -> Reply {
    Reply::new(status).body(format!(r#"{{"statusCode":{status},"message":"as the proxy says"}}"#))
}

/// Delivers a request once, with this fault.
async fn with_fault(request: &Request, fault: Fault, delivery: Delivery) -> Verdict {
    let emulator = emulator();
    emulator.faults().next(fault);
    client(&emulator).deliver(request, delivery).await
}

/// The wait and the pause. Panics with the verdict if it is not `Again`.
fn again(verdict: &Verdict) -> (Duration, Option<Pause>) {
    match verdict {
        Verdict::Again { after, pause, .. } => (*after, *pause),
        other => panic!("{other:?}"),
    }
}

/// The reason. Panics with the verdict if it is not `Dead`.
fn dead(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Dead { reason } => reason.to_string(),
        other => panic!("{other:?}"),
    }
}
