//! The client over real sockets: the requests it sends, and how statuses and broken connections become errors.

mod body_size;
mod cancel;
mod client_settings;
mod hostile_server;
mod redirects;

use std::io::Write;
use std::time::{Duration, Instant};

use teleflow::{Client, Error, ErrorKind, Event, Fate, RetryPolicy, Status};

use crate::support::{API_KEY, Server};

const QUEUED: &str = r#"{"data":{"acknowledged":true,"status":"processed","transactionId":"t-1"}}"#;

fn event() -> Event<teleflow::Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({"secret_code": "payload-text"}))
        .to("recipient-text")
        .transaction_id("t-1")
}

async fn error_of(server: &Server) -> Error {
    event().send(&server.client()).await.unwrap_err()
}

#[tokio::test]
async fn a_request_has_the_headers_that_the_server_requires() {
    let server = Server::status(201, "", QUEUED);
    let client = server.client();
    event().send(&client).await.unwrap();
    event().send(&client).await.unwrap();
    let _ = client.cancel(&"a/b".into()).await;
    let requests = server.requests();
    let header = |request: &str, name: &str| {
        request.lines().find_map(|line| {
            Some(line.split_once(": ")?)
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
        })
    };
    assert!(requests[0].starts_with("POST /v1/events/trigger HTTP/1.1\r\n"), "{}", requests[0]);
    assert_eq!(header(&requests[0], "authorization").unwrap(), format!("ApiKey {API_KEY}"));
    assert_eq!(header(&requests[0], "content-type").unwrap(), "application/json");
    assert!(header(&requests[0], "user-agent").unwrap().starts_with("teleflow/rust@"));
    let keys = [0, 1].map(|n| header(&requests[n], "idempotency-key").unwrap());
    assert!(keys[0] != keys[1] && keys[0].len() <= 255, "{keys:?}");
    assert!(requests[2].starts_with("DELETE /v1/events/trigger/a%2Fb HTTP/1.1\r\n"), "{}", requests[2]);
    assert_eq!(header(&requests[2], "idempotency-key"), None);
}

#[tokio::test]
async fn a_request_has_no_other_headers() {
    let server = Server::status(201, "", QUEUED);
    let builders = [
        server.builder(),
        #[cfg(feature = "hyper")]
        server.builder().use_hyper(),
    ];
    for client in builders.map(|builder| builder.build().unwrap()) {
        event().send(&client).await.unwrap();
        let _ = client.cancel(&"t-1".into()).await;
    }
    let names = |request: &String| {
        let head = request.split("\r\n\r\n").next().unwrap();
        let mut names: Vec<String> =
            head.lines().skip(1).map(|line| line.split(':').next().unwrap().to_lowercase()).collect();
        names.sort();
        names
    };
    for (number, request) in server.requests().iter().enumerate() {
        let expected: &[&str] = match number % 2 {
            0 => {
                &["accept", "authorization", "content-length", "content-type", "host", "idempotency-key", "user-agent"]
            }
            _ => &["accept", "authorization", "host", "user-agent"],
        };
        assert_eq!(names(request), expected, "{request}");
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        let fields = r#"{"name":"welcome","to":"recipient-text","payload":{"secret_code":"payload-text"},"transactionId":"t-1"}"#;
        assert_eq!(body, if number % 2 == 0 { fields } else { "" });
    }
}

#[tokio::test]
async fn a_base_url_may_end_with_v1_or_a_slash() {
    let server = Server::status(201, "", QUEUED);
    for (base, path) in [
        ("", ""),
        ("/", ""),
        ("/v1", ""),
        ("/v1/", ""),
        ("/V1", ""),
        ("//v1//", ""),
        ("/behind", "/behind"),
        ("/behind/v1", "/behind"),
        ("/v1/behind", "/v1/behind"),
        // `/v1` is removed once: a server behind the path `/v1` has its API at `/v1/v1`.
        ("/v1/v1", "/v1"),
        ("/V1/v1/", "/V1"),
        ("/xv1", "/xv1"),
    ] {
        let client = server.builder().base_url(format!("{}{base}", server.url)).build().unwrap();
        event().send(&client).await.unwrap();
        let last = server.requests().pop().unwrap();
        assert!(last.starts_with(&format!("POST {path}/v1/events/trigger HTTP")), "{base}: {last}");
    }
}

#[tokio::test]
async fn a_user_agent_is_sent() {
    let server = Server::status(201, "", QUEUED);
    let client = server.builder().user_agent("shop/7").build().unwrap();
    event().send(&client).await.unwrap();
    assert!(server.requests()[0].contains("user-agent: shop/7\r\n"));
}

#[tokio::test]
async fn any_2xx_is_a_receipt() {
    for status in [200, 201, 202] {
        let receipt = event().send(&Server::status(status, "", QUEUED).client()).await.unwrap();
        assert_eq!((receipt.http_status(), receipt.status(), receipt.replayed()), (status, &Status::Processed, false));
        assert_eq!(receipt.transaction_id().as_str(), "t-1");
    }
}

#[tokio::test]
async fn each_status_has_a_kind_and_a_fate() {
    use ErrorKind::*;
    use Fate::*;
    let table = [
        (307, "", Rejected, NotQueued),
        (400, r#"{"message":["to should not be null or undefined"]}"#, Validation, NotQueued),
        (400, r#"{"message":"payload is missing required key(s) and type(s): a (Value)"}"#, Validation, NotQueued),
        (400, r#"{"message":{"message":"inner"}}"#, Validation, NotQueued),
        (400, r#"{"message":7}"#, Validation, NotQueued),
        (400, r#"{"message":null}"#, Rejected, NotQueued),
        (422, r#"{"errors":{"to":{"messages":["is empty"],"value":"hidden-value"}}}"#, Validation, NotQueued),
        (422, r#"{"message":"workflow_not_found"}"#, WorkflowNotFound, NotQueued),
        (400, r#"{"message":"workflow_not_found"}"#, WorkflowNotFound, NotQueued),
        (
            422,
            r#"{"message":"Request with key \"k\" is being reused for a different body"}"#,
            IdempotencyConflict,
            NotQueued,
        ),
        (401, "", Unauthorized, NotQueued),
        (403, "", Unauthorized, NotQueued),
        (402, "", PaymentRequired, NotQueued),
        (404, "", Rejected, NotQueued),
        (405, "", Rejected, NotQueued),
        (408, "", Timeout, Unknown),
        (409, "", InProgress, Unknown),
        (413, r#"{"statusCode":413,"message":"request entity too large"}"#, TooLarge, NotQueued),
        (415, "", Rejected, NotQueued),
        (429, "", RateLimited, NotQueued),
        (500, r#"{"statusCode":500,"message":"Internal server error"}"#, Server, Unknown),
        (502, "<html>Bad Gateway</html>", Server, Unknown),
        (501, "", Server, Unknown),
        (201, "not json", Decode, Unknown),
        (201, "{}", Decode, Unknown),
        (201, r#"{"data":{"status":"who knows"}}"#, Dropped, Unknown),
        (201, r#"{"data":{"status":"trigger_not_active"}}"#, Dropped, NotQueued),
        (201, r#"{"data":{"status":"no_workflow_steps_defined"}}"#, Dropped, NotQueued),
        (201, r#"{"data":{"status":"no_workflow_active_steps_defined"}}"#, Dropped, NotQueued),
        (201, r#"{"data":{"status":"no_tenant_found"}}"#, Dropped, NotQueued),
        (201, r#"{"data":{"status":"subscriber_id_missing"}}"#, Dropped, NotQueued),
        (201, r#"{"data":{"status":"invalid_recipients"}}"#, Dropped, NotQueued),
    ];
    for (status, body, kind, fate) in table {
        let server = self::Server::status(status, "location: http://127.0.0.1:1/\r\n", body);
        let error = error_of(&server).await;
        assert_eq!((error.kind(), error.fate(), error.http_status()), (kind, fate, Some(status)), "{error}");
        let text = error.to_string();
        assert!(!text.contains("hidden-value") && !format!("{error:?}").contains("hidden-value"), "{text}");
        for part in ["welcome", "POST /v1/events/trigger", &status.to_string(), "t-1"] {
            assert!(text.contains(part), "no {part} in: {text}");
        }
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_error_has_the_retry_after_of_the_response() {
    let error = error_of(&Server::status(429, "retry-after: 7\r\n", "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let dates = "date: Fri, 01 Jan 1999 00:00:00 GMT\r\nretry-after: Fri, 01 Jan 1999 00:00:09 GMT\r\n";
    assert_eq!(error_of(&Server::status(503, dates, "")).await.retry_after(), Some(Duration::from_secs(9)));
    assert_eq!(error_of(&Server::status(429, "", "")).await.retry_after(), None);
}

#[tokio::test]
async fn a_broken_connection_leaves_the_fate_unknown() {
    let closed = Server::responding("");
    let half = Server::responding(format!("HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{QUEUED}"));
    let head = Server::responding("HTTP/1.1 201 Crea");
    for server in [closed, half, head] {
        let error = error_of(&server).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_refused_connection_queues_nothing() {
    let client =
        Client::builder().api_key(API_KEY).base_url("http://127.0.0.1:1").retry(RetryPolicy::none()).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Connect, Fate::NotQueued), "{error}");
}

#[tokio::test]
async fn a_server_that_never_responds_is_a_timeout() {
    let server = Server::with_handler(|_| std::thread::sleep(Duration::from_secs(20)));
    let started = Instant::now();
    let error = error_of(&server).await;
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Timeout, Fate::Unknown), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_response_is_read_up_to_a_size_limit() {
    let server = Server::with_handler(|connection| {
        let _ = connection.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 2147483648\r\n\r\n");
        let blanks = vec![b' '; 1024 * 1024];
        while connection.write_all(&blanks).is_ok() {}
    });
    let client = server.builder().timeout(Duration::from_secs(30)).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_before_the_future_is_awaited() {
    let server = Server::status(201, "", QUEUED);
    let sending = event().send(&server.client());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 0);
    let id = sending.transaction_id().to_string();
    sending.await.unwrap();
    assert!(server.requests()[0].contains(&format!(r#""transactionId":"{id}""#)));
}

#[tokio::test]
async fn a_receipt_reports_a_replayed_response() {
    let server = Server::status(201, "Idempotency-Replay: true\r\n", QUEUED);
    assert!(event().send(&server.client()).await.unwrap().replayed());
}
