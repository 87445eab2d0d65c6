//! A transport that passes requests to an emulator, takes a while, and records each attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use teleflow::transport::{Transport, TransportFuture};
use teleflow::{Client, Request};
use teleflow_emulator::{Emulator, RateLimit, Workflow};
use tokio::time::Instant;

/// What the emulator received, and how it responded.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Since the start.
    pub time: Duration,
    pub path: String,
    pub status: u16,
}

#[derive(Clone)]
pub struct Paced {
    pub emulator: Emulator,
    attempts: Arc<Mutex<Vec<Attempt>>>,
    started: Instant,
}

impl Paced {
    pub fn new(limit: RateLimit) -> Self {
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("welcome")).rate_limit(limit);
        Self { emulator, attempts: Arc::default(), started: Instant::now() }
    }

    pub fn client(&self) -> Client {
        self.client_with_deadline(Duration::from_secs(30))
    }

    pub fn client_with_deadline(&self, deadline: Duration) -> Client {
        Client::builder().transport(self.clone()).deadline(deadline).build().unwrap()
    }

    pub fn attempts(&self) -> Vec<Attempt> {
        self.attempts.lock().unwrap().clone()
    }

    /// The attempts that the rate limit refused.
    pub fn refused(&self) -> Vec<Attempt> {
        self.attempts().into_iter().filter(|attempt| attempt.status == 429).collect()
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

impl Transport for Paced {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        Box::pin(async move {
            let (time, path) = (self.started.elapsed(), request.path().to_owned());
            tokio::time::sleep(Duration::from_millis(2)).await;
            let result = self.emulator.attempt(request).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
            let status = result.as_ref().map_or(0, |response| response.status());
            self.attempts.lock().unwrap().push(Attempt { time, path, status });
            result
        })
    }
}
