//! Injected faults, over sockets and in memory: what the sender receives, and whether the event is queued.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::json;
use teleflow::transport::{Response, Transport, TransportError};
use teleflow::{Event, Request};
use teleflow_emulator::{Emulator, Fault, RandomFaults, Reply, Workflow};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::conformance::wire::{self, HttpResponse};

fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    emulator
}

async fn post(address: SocketAddr) -> Result<HttpResponse, String> {
    let headers =
        [("authorization", "ApiKey test-key"), ("content-type", "application/json"), ("idempotency-key", "key")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let body = json!({ "name": "welcome", "to": "ada" }).to_string();
    wire::send(address, "POST", "/v1/events/trigger", &headers, Some(body.as_bytes())).await
}

fn request() -> Request {
    Event::untyped("welcome", json!({})).to("ada").into_request().unwrap()
}

async fn attempt(emulator: &Emulator) -> Result<Response, TransportError> {
    emulator.attempt(&request()).await
}

/// Sends one request with a fault over a socket. Returns the response and the number of queued events.
async fn over_a_socket(fault: Fault) -> (Result<HttpResponse, String>, usize) {
    let emulator = emulator();
    emulator.faults().next(fault);
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let response = post(server.addr()).await;
    assert_eq!(emulator.faults().injected(), 1);
    (response, emulator.jobs().len())
}

/// Sends one request with a fault in memory. Returns the response and the number of queued events.
async fn in_memory(fault: Fault) -> (Result<Response, TransportError>, usize) {
    let emulator = emulator();
    emulator.faults().next(fault);
    let response = attempt(&emulator).await;
    (response, emulator.jobs().len())
}

#[tokio::test]
async fn a_proxy_answers_before_or_after_the_event_is_queued() {
    let proxy = Reply::new(503).header("x-proxy", "yes").body("busy");
    let (response, queued) = over_a_socket(Fault::Reply(proxy.clone())).await;
    let response = response.unwrap();
    assert_eq!((response.status, response.body.as_slice(), queued), (503, b"busy".as_slice(), 0));
    assert_eq!(response.headers["x-proxy"], "yes");
    assert!(!response.headers.contains_key("idempotency-key"), "a proxy does not echo the key");

    let (response, queued) = over_a_socket(Fault::ReplyAfter(proxy.clone())).await;
    assert_eq!((response.unwrap().status, queued), (503, 1));

    let (response, queued) = in_memory(Fault::Reply(proxy.clone())).await;
    assert_eq!((response.unwrap().status(), queued), (503, 0));
    let (response, queued) = in_memory(Fault::ReplyAfter(proxy)).await;
    assert_eq!((response.unwrap().status(), queued), (503, 1));
}

#[tokio::test]
async fn a_redirect_has_a_location() {
    let (response, queued) = over_a_socket(Fault::Reply(Reply::redirect("https://elsewhere.example/"))).await;
    let response = response.unwrap();
    assert_eq!(
        (response.status, response.headers["location"].as_str(), queued),
        (307, "https://elsewhere.example/", 0)
    );
}

#[tokio::test]
async fn retry_after_as_a_date_uses_the_clock_of_the_proxy() {
    for ahead in [3600_i64, -3600, 0] {
        let reply = Reply::new(429).retry_after_date(Duration::from_secs(60), ahead);
        let (response, _) = over_a_socket(Fault::Reply(reply)).await;
        let response = response.unwrap();
        let time = |name: &str| {
            let date = httpdate::parse_http_date(&response.headers[name]).unwrap();
            i64::try_from(date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()).unwrap()
        };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(time("retry-after") - time("date"), 60);
        assert!((time("date") - i64::try_from(now).unwrap() - ahead).abs() <= 2);
    }
}

#[tokio::test]
async fn the_connection_is_closed_before_or_after_the_event_is_queued() {
    let (response, queued) = over_a_socket(Fault::CloseBefore).await;
    assert!(response.is_err());
    assert_eq!(queued, 0);
    let (response, queued) = over_a_socket(Fault::CloseAfter).await;
    assert!(response.is_err());
    assert_eq!(queued, 1);

    let (response, queued) = in_memory(Fault::CloseBefore).await;
    assert!(!response.unwrap_err().never_sent(), "the sender cannot know");
    assert_eq!(queued, 0);
    let (response, queued) = in_memory(Fault::CloseAfter).await;
    assert!(!response.unwrap_err().never_sent());
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn the_connection_is_closed_halfway_through_the_body() {
    let (response, queued) = over_a_socket(Fault::HalfBody).await;
    let received = response.unwrap_err();
    assert!(received.contains("HTTP/1.1 201"), "{received}");
    assert!(received.ends_with("{\"data\":{\"acknowledged\":true,\"status\":\"processed\",\"tr"), "{received}");
    assert_eq!(queued, 1);

    let (response, queued) = in_memory(Fault::HalfBody).await;
    assert!(response.is_err());
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn a_huge_body_is_generated_while_it_is_read() {
    let emulator = emulator();
    emulator.faults().next(Fault::HugeBody);
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut start = vec![0; 1 << 20];
    stream.read_exact(&mut start).await.unwrap();
    let head = String::from_utf8_lossy(&start[..300]).to_lowercase();
    assert!(head.contains("content-length: 2147483648"), "{head}");
    assert!(start.ends_with(b"  "));

    let (response, queued) = in_memory(Fault::HugeBody).await;
    assert!(response.unwrap().body().len() > 8 << 20);
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn a_garbage_body_is_not_json() {
    let (response, queued) = over_a_socket(Fault::GarbageBody).await;
    let response = response.unwrap();
    assert_eq!((response.status, queued), (201, 1));
    assert!(response.json().is_err());
}

#[tokio::test]
async fn connections_are_refused_for_a_time_and_then_accepted_again() {
    let emulator = emulator();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    emulator.faults().next(Fault::RefuseConnections(Duration::from_millis(300)));
    assert!(post(server.addr()).await.is_err(), "the first connection is closed");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let refused = post(server.addr()).await.unwrap_err();
    assert!(refused.contains("refused"), "{refused}");
    assert!(attempt(&emulator).await.unwrap_err().never_sent());
    let since = Instant::now();
    while post(server.addr()).await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(5), "connections are still refused");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn a_refusal_closes_idle_connections() {
    let emulator = emulator();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut buffer = [0; 1024];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    emulator.faults().refuse_connections(Duration::from_millis(50));
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 0, "the end of the connection");
}

#[tokio::test(start_paused = true)]
async fn a_request_continues_after_its_client_has_given_up() {
    let emulator = emulator();
    let timeout = Duration::from_secs(10);
    emulator.faults().next(Fault::DelayBefore(Duration::from_secs(15)));
    assert!(tokio::time::timeout(timeout, attempt(&emulator)).await.is_err());
    assert!(emulator.jobs().is_empty());
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(emulator.jobs().len(), 1);

    emulator.faults().next(Fault::DelayAfter(Duration::from_secs(15)));
    assert!(tokio::time::timeout(timeout, attempt(&emulator)).await.is_err());
    assert_eq!(emulator.jobs().len(), 2);

    emulator.queue_delay(Duration::from_secs(15));
    let slow = request();
    assert!(tokio::time::timeout(timeout, emulator.attempt(&slow)).await.is_err());
    assert_eq!(emulator.attempt(&slow).await.unwrap().status(), 409, "it is still in progress");
    tokio::time::sleep(Duration::from_secs(6)).await;
    let replayed = emulator.attempt(&slow).await.unwrap();
    assert_eq!((replayed.status(), &replayed.headers()["idempotency-replay"]), (201, &"true".parse().unwrap()));
    assert_eq!(emulator.jobs().len(), 3);
}

#[tokio::test]
async fn the_script_precedes_the_rules_and_the_rules_precede_random_faults() {
    let emulator = emulator();
    let reply = |status| Fault::Reply(Reply::new(status));
    emulator
        .faults()
        .random(RandomFaults::new(1).probability(1.0).faults([reply(501)]))
        .when(move |request| request.path().ends_with("/trigger").then(|| reply(502)))
        .script([Some(reply(503)), None]);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(attempt(&emulator).await.unwrap().status());
    }
    let cancel = emulator.answer(http_delete()).await;
    assert_eq!(cancel.status(), 200, "a raw request has no fault");
    assert_eq!(statuses, [503, 201, 502]);
    assert_eq!(attempt_cancel(&emulator).await, 501);
    emulator.faults().clear();
    assert_eq!(attempt(&emulator).await.unwrap().status(), 201);
    assert_eq!(emulator.faults().injected(), 3);
}

fn http_delete() -> http::Request<bytes::Bytes> {
    let request = http::Request::delete("/v1/events/trigger/x").header("authorization", "ApiKey test-key");
    request.body(bytes::Bytes::new()).unwrap()
}

async fn attempt_cancel(emulator: &Emulator) -> u16 {
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let headers = BTreeMap::from([("authorization".to_owned(), "ApiKey test-key".to_owned())]);
    wire::send(server.addr(), "DELETE", "/v1/events/trigger/x", &headers, None).await.unwrap().status
}

#[tokio::test]
async fn random_faults_depend_on_the_seed_and_have_a_maximum_in_a_row() {
    let statuses = async |seed: u64| {
        let emulator = emulator();
        let faults = [Fault::Reply(Reply::new(502)), Fault::Reply(Reply::new(503))];
        emulator.faults().random(RandomFaults::new(seed).probability(0.5).max_consecutive(2).faults(faults));
        let mut statuses = Vec::new();
        for _ in 0..100 {
            // Retries one request until it succeeds.
            let request = request();
            let mut attempts = 1;
            while emulator.attempt(&request).await.unwrap().status() != 201 {
                attempts += 1;
            }
            assert!(attempts <= 3);
            statuses.push(attempts);
        }
        statuses
    };
    let first = statuses(7).await;
    assert_eq!(first, statuses(7).await);
    assert_ne!(first, statuses(8).await);
    assert!(first.contains(&1) && first.contains(&3));
}
