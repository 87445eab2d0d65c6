//! A transport that queues every event, after a delay, unless the test chooses another reply.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Client, Event, Request, RetryPolicy, Untyped};
use tokio::time::Instant;

pub type Numbered = Event<Untyped<Value>, &'static str>;

/// An event with a number that the server records.
pub fn numbered(number: usize) -> Numbered {
    Event::untyped("numbered", json!({"n": number})).to("ada").transaction_id(format!("t-{number}"))
}

/// How the server replies to a request.
#[derive(Clone)]
pub struct Reply {
    pub delay: Duration,
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub is_panic: bool,
}

impl Reply {
    pub fn queued() -> Self {
        Self { delay: Duration::from_millis(100), status: 201, headers: Vec::new(), is_panic: false }
    }

    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The transport panics while it waits for the response.
    pub fn panicking(self) -> Self {
        Self { is_panic: true, ..self }
    }

    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A request that the server received.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// Since the server was started.
    pub time: Duration,
    pub path: String,
    /// The numbers of its events.
    pub numbers: Vec<usize>,
    pub triggers: Vec<String>,
}

impl Received {
    pub fn is_bulk(&self) -> bool {
        self.path.ends_with("/bulk")
    }
}

#[derive(Clone)]
pub struct FakeServer(Arc<Inner>);

type Choose = dyn Fn(&Received) -> Reply + Send + Sync;

struct Inner {
    choose: Box<Choose>,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    in_flight: usize,
    most_in_flight: usize,
}

impl FakeServer {
    /// Queues every event after 100 ms.
    pub fn new() -> Self {
        Self::replying(|_| Reply::queued())
    }

    pub fn replying(choose: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { choose: Box::new(choose), started: Instant::now(), state: Mutex::default() }))
    }

    /// A client that makes one attempt.
    pub fn client(&self) -> Client {
        Client::builder().transport(self.clone()).retry(RetryPolicy::none()).build().unwrap()
    }

    pub fn received(&self) -> Vec<Received> {
        self.0.state.lock().unwrap().received.clone()
    }

    /// The number of events of each request.
    pub fn sizes(&self) -> Vec<usize> {
        self.received().iter().map(|request| request.numbers.len()).collect()
    }

    /// The number of requests that have no response and were not given up, and the most there were.
    pub fn in_flight(&self) -> (usize, usize) {
        let state = self.0.state.lock().unwrap();
        (state.in_flight, state.most_in_flight)
    }
}

/// Counts a request until it is dropped.
struct InFlight<'a>(&'a Mutex<State>);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().in_flight -= 1;
    }
}

impl Transport for FakeServer {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let Inner { choose, started, state } = &*self.0;
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let events = body["events"].as_array().cloned().unwrap_or_else(|| vec![body]);
        let received = Received {
            time: started.elapsed(),
            path: request.path().to_owned(),
            numbers: events.iter().map(|event| event["payload"]["n"].as_u64().unwrap() as usize).collect(),
            triggers: request.triggers().map(ToString::to_string).collect(),
        };
        let reply = choose(&received);
        let is_bulk = received.is_bulk();
        let ids: Vec<String> = request.transaction_ids().map(ToString::to_string).collect();
        Box::pin(async move {
            let _in_flight = {
                let mut state = state.lock().unwrap();
                state.received.push(received);
                state.in_flight += 1;
                state.most_in_flight = state.most_in_flight.max(state.in_flight);
                InFlight(&self.0.state)
            };
            tokio::time::sleep(reply.delay).await;
            assert!(!reply.is_panic, "as the test says");
            let mut headers = http::HeaderMap::new();
            for (name, value) in reply.headers {
                headers.insert(name, value.parse().unwrap());
            }
            let result = |id| json!({"acknowledged": true, "status": "processed", "transactionId": id});
            let results: Vec<Value> = ids.into_iter().map(result).collect();
            let data = if is_bulk { json!(results) } else { results[0].clone() };
            let body = if reply.status < 300 { json!({"data": data}) } else { json!({"message": "as the test says"}) };
            Ok(Response::new(reply.status, headers, body.to_string()))
        })
    }
}
