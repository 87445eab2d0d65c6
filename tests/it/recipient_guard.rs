//! `RecipientGuard`: an event for anyone else is refused, whatever part of it the server would send to.

mod addresses;
mod broadcasts;
mod bulks;
mod overrides;
mod redirect;
mod stored;
mod subscribers;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Client, ClientBuilder, ErrorKind, Event, Fate, RecipientGuard, Request, Untyped};

/// Queues every event, and records the requests.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Request>>>);

impl Transport for Recorder {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        self.0.lock().unwrap().push(request.clone());
        let queued = |id: &str| json!({"acknowledged": true, "status": "processed", "transactionId": id});
        let mut data: Vec<Value> = request.transaction_ids().map(|id| queued(id.as_str())).collect();
        let data = if request.path().ends_with("/bulk") { json!(data) } else { data.remove(0) };
        let response = Response::new(201, Default::default(), json!({"data": data}).to_string());
        Box::pin(async move { Ok(response) })
    }
}

impl Recorder {
    fn client(&self, guard: RecipientGuard) -> Client {
        self.with(|builder| builder.recipients(guard))
    }

    fn with(&self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        set(Client::builder().transport(self.clone())).build().unwrap()
    }

    /// The bodies of the requests so far.
    fn bodies(&self) -> Vec<Value> {
        self.0.lock().unwrap().iter().map(|request| serde_json::from_slice(request.body()).unwrap()).collect()
    }
}

/// `ada` and two of her addresses.
fn only_ada() -> RecipientGuard {
    RecipientGuard::only(["ada", "ada@example.com", "+44"])
}

fn event(payload: Value) -> Untyped<Value> {
    Event::untyped("welcome", payload)
}

/// Sends a request: the bodies that left, or the message of the error.
async fn send(guard: RecipientGuard, request: Request) -> Result<Vec<Value>, String> {
    let recorder = Recorder::default();
    match recorder.client(guard).send(request).await.into_result() {
        Ok(_) => Ok(recorder.bodies()),
        Err(error) => {
            assert_eq!(
                (error.kind(), error.fate(), error.attempts()),
                (ErrorKind::Invalid, Fate::NotQueued, 0),
                "{error}"
            );
            assert_eq!(recorder.bodies(), Vec::<Value>::new(), "{error}");
            for private in ["mallory", "evil"] {
                assert!(!format!("{error} {error:?}").contains(private), "{error}");
            }
            Err(error.to_string())
        }
    }
}

/// Checks that the request is refused for this reason.
async fn assert_refused(guard: RecipientGuard, request: teleflow::Result<Request>, reason: &str) {
    let error = send(guard, request.unwrap()).await.expect_err(reason);
    assert!(error.contains(reason), "no `{reason}` in: {error}");
}

/// Checks that the request is sent unchanged.
async fn assert_sent(guard: RecipientGuard, request: teleflow::Result<Request>) {
    let request = request.unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(send(guard, request).await.unwrap(), [body]);
}
