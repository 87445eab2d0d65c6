//! A transport that does as a script says, and keeps what it was given.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use teleflow::transport::{Response, Transport, TransportError, TransportFuture};
use teleflow::{Client, Request, RetryPolicy};
use tokio::time::Instant;

/// What becomes of one attempt.
#[derive(Clone)]
pub enum Step {
    /// Nobody listens.
    Refused,
    /// The connection breaks.
    Broken,
    /// No answer, ever.
    Silence,
    /// An answer: its status, its headers, whether it echoes the key, its body.
    Answer { status: u16, headers: Vec<(&'static str, String)>, echo: bool, body: String },
}

impl Step {
    pub fn status(status: u16) -> Self {
        let body = format!(r#"{{"statusCode":{status},"message":"as the script says"}}"#);
        Self::Answer { status, headers: Vec::new(), echo: false, body }
    }

    /// The answer to an event that was queued.
    pub fn queued() -> Self {
        let body = String::from(r#"{"data":{"acknowledged":true,"status":"processed"}}"#);
        Self::Answer { status: 201, headers: Vec::new(), echo: false, body }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    pub fn echo(mut self) -> Self {
        if let Self::Answer { echo, .. } = &mut self {
            *echo = true;
        }
        self
    }

    pub fn body(mut self, text: &str) -> Self {
        if let Self::Answer { body, .. } = &mut self {
            *body = text.to_owned();
        }
        self
    }
}

/// An attempt as the transport saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub after: Duration,
    pub path: String,
    pub key: Option<String>,
    pub body: String,
}

#[derive(Clone)]
pub struct Script(Arc<Mutex<Inner>>);

struct Inner {
    steps: VecDeque<Step>,
    seen: Vec<Seen>,
    started: Instant,
}

impl Script {
    /// The steps in order; the last one for every attempt after it.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let inner = Inner { steps: steps.into_iter().collect(), seen: Vec::new(), started: Instant::now() };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub fn client(&self) -> Client {
        self.client_with(RetryPolicy::default())
    }

    pub fn client_with(&self, policy: RetryPolicy) -> Client {
        Client::builder().transport(self.clone()).retry(policy).build().unwrap()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    pub fn attempts(&self) -> usize {
        self.0.lock().unwrap().seen.len()
    }

    fn next(&self, request: &Request) -> Step {
        let mut inner = self.0.lock().unwrap();
        let seen = Seen {
            after: inner.started.elapsed(),
            path: request.path().to_owned(),
            key: request.idempotency_key().map(str::to_owned),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        };
        inner.seen.push(seen);
        if inner.steps.len() > 1 { inner.steps.pop_front().unwrap() } else { inner.steps[0].clone() }
    }
}

impl Transport for Script {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        Box::pin(async move {
            match self.next(request) {
                Step::Refused => Err(TransportError::connect("nobody listens")),
                Step::Broken => Err(TransportError::interrupted("connection reset")),
                Step::Silence => std::future::pending().await,
                Step::Answer { status, headers, echo, body } => {
                    let mut map = reqwest::header::HeaderMap::new();
                    for (name, value) in headers {
                        map.insert(name, value.parse().unwrap());
                    }
                    if let (true, Some(key)) = (echo, request.idempotency_key()) {
                        map.insert("idempotency-key", key.parse().unwrap());
                    }
                    Ok(Response::new(status, map, body))
                }
            }
        })
    }
}
