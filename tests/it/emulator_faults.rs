//! The emulator misbehaving on request, over sockets and in memory: what the sender meets, and whether the event is queued.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::json;
use teleflow::transport::{Response, Transport, TransportError};
use teleflow::{Event, Request};
use teleflow_emulator::{Emulator, Fault, RandomFaults, Reply, Workflow};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::conformance::wire::{self, Answer};

fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    emulator
}

async fn post(address: SocketAddr) -> Result<Answer, String> {
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

/// One request over a socket that meets a fault: what came back, and how many events are queued.
async fn over_a_socket(fault: Fault) -> (Result<Answer, String>, usize) {
    let emulator = emulator();
    emulator.faults().next(fault);
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let answer = post(serving.addr()).await;
    assert_eq!(emulator.faults().injected(), 1);
    (answer, emulator.jobs().len())
}

/// The same in memory.
async fn in_memory(fault: Fault) -> (Result<Response, TransportError>, usize) {
    let emulator = emulator();
    emulator.faults().next(fault);
    let response = attempt(&emulator).await;
    (response, emulator.jobs().len())
}

#[tokio::test]
async fn somebody_else_answers() {
    let proxy = Reply::new(503).header("x-proxy", "yes").body("busy");
    let (answer, queued) = over_a_socket(Fault::Reply(proxy.clone())).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.as_slice(), queued), (503, b"busy".as_slice(), 0));
    assert_eq!(answer.headers["x-proxy"], "yes");
    assert!(!answer.headers.contains_key("idempotency-key"), "only the server echoes the key");

    let (answer, queued) = over_a_socket(Fault::ReplyAfter(proxy.clone())).await;
    assert_eq!((answer.unwrap().status, queued), (503, 1));

    let (response, queued) = in_memory(Fault::Reply(proxy.clone())).await;
    assert_eq!((response.unwrap().status(), queued), (503, 0));
    let (response, queued) = in_memory(Fault::ReplyAfter(proxy)).await;
    assert_eq!((response.unwrap().status(), queued), (503, 1));
}

#[tokio::test]
async fn a_redirect_names_another_place() {
    let (answer, queued) = over_a_socket(Fault::Reply(Reply::redirect("https://elsewhere.example/"))).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.headers["location"].as_str(), queued), (307, "https://elsewhere.example/", 0));
}

#[tokio::test]
async fn a_date_to_come_back_is_reckoned_by_the_other_clock() {
    for ahead in [3600_i64, -3600, 0] {
        let reply = Reply::new(429).retry_after_date(Duration::from_secs(60), ahead);
        let (answer, _) = over_a_socket(Fault::Reply(reply)).await;
        let answer = answer.unwrap();
        let time = |name: &str| {
            let date = httpdate::parse_http_date(&answer.headers[name]).unwrap();
            i64::try_from(date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()).unwrap()
        };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        assert_eq!(time("retry-after") - time("date"), 60);
        assert!((time("date") - i64::try_from(now).unwrap() - ahead).abs() <= 2);
    }
}

#[tokio::test]
async fn closed_before_it_is_read_and_closed_after_it_is_queued() {
    let (answer, queued) = over_a_socket(Fault::CloseBefore).await;
    assert!(answer.is_err());
    assert_eq!(queued, 0);
    let (answer, queued) = over_a_socket(Fault::CloseAfter).await;
    assert!(answer.is_err());
    assert_eq!(queued, 1);

    let (response, queued) = in_memory(Fault::CloseBefore).await;
    assert!(!response.unwrap_err().never_sent(), "the sender cannot tell");
    assert_eq!(queued, 0);
    let (response, queued) = in_memory(Fault::CloseAfter).await;
    assert!(!response.unwrap_err().never_sent());
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn half_a_body() {
    let (answer, queued) = over_a_socket(Fault::HalfBody).await;
    let received = answer.unwrap_err();
    assert!(received.contains("HTTP/1.1 201"), "{received}");
    assert!(received.ends_with("{\"data\":{\"acknowledged\":true,\"status\":\"processed\",\"tr"), "{received}");
    assert_eq!(queued, 1);

    let (response, queued) = in_memory(Fault::HalfBody).await;
    assert!(response.is_err());
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn a_huge_body_is_made_as_it_is_read() {
    let emulator = emulator();
    emulator.faults().next(Fault::HugeBody);
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(serving.addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut begin = vec![0; 1 << 20];
    stream.read_exact(&mut begin).await.unwrap();
    let head = String::from_utf8_lossy(&begin[..300]).to_lowercase();
    assert!(head.contains("content-length: 2147483648"), "{head}");
    assert!(begin.ends_with(b"  "));

    let (response, queued) = in_memory(Fault::HugeBody).await;
    assert!(response.unwrap().body().len() > 8 << 20);
    assert_eq!(queued, 1);
}

#[tokio::test]
async fn garbage() {
    let (answer, queued) = over_a_socket(Fault::GarbageBody).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, queued), (201, 1));
    assert!(answer.json().is_err());
}

#[tokio::test]
async fn a_listener_closed_for_a_moment_refuses_and_comes_back() {
    let emulator = emulator();
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    emulator.faults().next(Fault::RefuseConnections(Duration::from_millis(300)));
    assert!(post(serving.addr()).await.is_err(), "this connection is closed");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let refused = post(serving.addr()).await.unwrap_err();
    assert!(refused.contains("refused"), "{refused}");
    assert!(attempt(&emulator).await.unwrap_err().never_sent());
    let since = Instant::now();
    while post(serving.addr()).await.is_err() {
        assert!(since.elapsed() < Duration::from_secs(5), "it does not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn idle_connections_are_closed_by_a_refusal() {
    let emulator = emulator();
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(serving.addr()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut buffer = [0; 1024];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    emulator.faults().refuse_connections(Duration::from_millis(50));
    assert_eq!(stream.read(&mut buffer).await.unwrap(), 0, "the end of the connection");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_does_not_stop_the_server() {
    let emulator = emulator();
    let patience = Duration::from_secs(10);
    emulator.faults().next(Fault::DelayBefore(Duration::from_secs(15)));
    assert!(tokio::time::timeout(patience, attempt(&emulator)).await.is_err());
    assert!(emulator.jobs().is_empty());
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(emulator.jobs().len(), 1);

    emulator.faults().next(Fault::DelayAfter(Duration::from_secs(15)));
    assert!(tokio::time::timeout(patience, attempt(&emulator)).await.is_err());
    assert_eq!(emulator.jobs().len(), 2);

    emulator.queue_delay(Duration::from_secs(15));
    let slow = request();
    assert!(tokio::time::timeout(patience, emulator.attempt(&slow)).await.is_err());
    assert_eq!(emulator.attempt(&slow).await.unwrap().status(), 409, "it is still in progress");
    tokio::time::sleep(Duration::from_secs(6)).await;
    let replayed = emulator.attempt(&slow).await.unwrap();
    assert_eq!((replayed.status(), &replayed.headers()["idempotency-replay"]), (201, &"true".parse().unwrap()));
    assert_eq!(emulator.jobs().len(), 3);
}

#[tokio::test]
async fn a_script_comes_before_rules_and_rules_before_chance() {
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
    assert_eq!(cancel.status(), 200, "a raw request meets no fault");
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
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let headers = BTreeMap::from([("authorization".to_owned(), "ApiKey test-key".to_owned())]);
    wire::send(serving.addr(), "DELETE", "/v1/events/trigger/x", &headers, None).await.unwrap().status
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed_and_knows_when_to_stop() {
    let statuses = async |seed: u64| {
        let emulator = emulator();
        let faults = [Fault::Reply(Reply::new(502)), Fault::Reply(Reply::new(503))];
        emulator.faults().random(RandomFaults::new(seed).probability(0.5).max_consecutive(2).faults(faults));
        let mut statuses = Vec::new();
        for _ in 0..100 {
            // One request, repeated until it passes.
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
