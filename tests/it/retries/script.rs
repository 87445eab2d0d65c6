//! A transport that follows a script and records each attempt.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use teleflow::transport::{Response, Transport, TransportError, TransportFuture};
use teleflow::{Client, Request, RetryPolicy};
use tokio::time::Instant;

/// The outcome of one attempt.
#[derive(Clone)]
pub enum Step {
    /// No server listens.
    ConnectionRefused,
    /// The connection breaks after the request was sent.
    ConnectionReset,
    /// The server never responds.
    NoResponse,
    /// The server responds, with the idempotency key in a header if `echo` is set.
    Response { status: u16, headers: Vec<(&'static str, String)>, echo: bool, body: String },
}

impl Step {
    pub fn status(status: u16) -> Self {
        let body = format!(r#"{{"statusCode":{status},"message":"as the script says"}}"#);
        Self::Response { status, headers: Vec::new(), echo: false, body }
    }

    /// The response to an event that was queued.
    pub fn queued() -> Self {
        let body = String::from(r#"{"data":{"acknowledged":true,"status":"processed"}}"#);
        Self::Response { status: 201, headers: Vec::new(), echo: false, body }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Response { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }

    pub fn echo(mut self) -> Self {
        if let Self::Response { echo, .. } = &mut self {
            *echo = true;
        }
        self
    }

    pub fn body(mut self, text: &str) -> Self {
        if let Self::Response { body, .. } = &mut self {
            *body = text.to_owned();
        }
        self
    }
}

/// What the transport received for one attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Since the script was made.
    pub time: Duration,
    pub path: String,
    pub key: Option<String>,
    pub body: String,
}

#[derive(Clone)]
pub struct Script(Arc<Mutex<Inner>>);

struct Inner {
    steps: VecDeque<Step>,
    attempts: Vec<Attempt>,
    started: Instant,
}

impl Script {
    /// Follows the steps in order. The last step applies to all further attempts.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let inner = Inner { steps: steps.into_iter().collect(), attempts: Vec::new(), started: Instant::now() };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub fn client(&self) -> Client {
        self.client_with(RetryPolicy::default())
    }

    pub fn client_with(&self, policy: RetryPolicy) -> Client {
        Client::builder().transport(self.clone()).retry(policy).build().unwrap()
    }

    pub fn attempts(&self) -> Vec<Attempt> {
        self.0.lock().unwrap().attempts.clone()
    }

    pub fn attempt_count(&self) -> usize {
        self.0.lock().unwrap().attempts.len()
    }

    fn next(&self, request: &Request) -> Step {
        let mut inner = self.0.lock().unwrap();
        let attempt = Attempt {
            time: inner.started.elapsed(),
            path: request.path().to_owned(),
            key: request.idempotency_key().map(str::to_owned),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        };
        inner.attempts.push(attempt);
        if inner.steps.len() > 1 { inner.steps.pop_front().unwrap() } else { inner.steps[0].clone() }
    }
}

impl Transport for Script {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        Box::pin(async move {
            match self.next(request) {
                Step::ConnectionRefused => Err(TransportError::connect("connection refused")),
                Step::ConnectionReset => Err(TransportError::interrupted("connection reset")),
                Step::NoResponse => std::future::pending().await,
                Step::Response { status, headers, echo, body } => {
                    let mut map = http::HeaderMap::new();
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
