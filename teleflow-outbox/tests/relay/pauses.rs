//! A relay pauses where all requests would fail: none of them is dead, and the gauges say why.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use teleflow::{Client, Pause, RetryPolicy};
use teleflow_emulator::Fault;
use teleflow_outbox::Relay;

use crate::queue::{Queue, reply, welcome};

#[tokio::test]
async fn a_pause_gives_the_requests_back_that_were_claimed_but_not_sent() {
    for (status, cause) in
        [(429, Pause::RateLimit), (404, Pause::BaseUrl), (401, Pause::Account), (402, Pause::Account)]
    {
        let queue = Queue::new();
        queue.put_many(3);
        queue.server.emulator.faults().next(Fault::Reply(reply(status).header("retry-after", "60")));
        let relay = queue.builder().await.concurrency(1).merge(false).build().unwrap();
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.dead, gauges.sent, gauges.pause), (3, 0, 0, Some(cause)), "{status}");
        assert!(gauges.paused.is_some_and(|left| left > Duration::from_secs(50)), "{gauges:?}");
        assert_eq!(queue.server.paths().len(), 1, "{status}");
        // Another relay may send the others at once, as their first delivery.
        assert_eq!(queue.visible(), (2, 2), "{status}");
        let other = queue.relay().await;
        other.once().await.unwrap();
        assert_eq!(other.gauges().await.unwrap().sent, 2, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_pause_one_request_shows_whether_the_others_may_follow() {
    let queue = Queue::new();
    queue.put_many(200);
    let refused = || Fault::Reply(reply(401));
    queue.server.emulator.faults().next(refused());
    let relay = queue.builder().await.concurrency(1).build().unwrap();
    relay.once().await.unwrap();
    let first = queue.number("select count(*) from teleflow_outbox where read_ct > 0");
    for probe in 1..=3 {
        queue.server.emulator.faults().next(refused());
        tokio::time::advance(Duration::from_secs(302)).await;
        relay.once().await.unwrap();
        assert_eq!(queue.server.paths().len(), 1 + probe);
        let tried = queue.number("select count(*) from teleflow_outbox where read_ct > 0");
        assert_eq!(tried, first + i64::try_from(probe).unwrap());
        assert_eq!(relay.gauges().await.unwrap().pause, Some(Pause::Account));
    }
    tokio::time::advance(Duration::from_secs(302)).await;
    queue.show_all();
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued, gauges.dead, gauges.pause), (200, 0, 0, None));
}

#[tokio::test(start_paused = true)]
async fn one_request_that_a_proxy_refuses_does_not_stop_the_others() {
    let queue = Queue::new();
    queue.put(&welcome("refused"));
    queue.put_many(20);
    let relay = queue.builder().await.concurrency(1).merge(false).build().unwrap();
    queue.server.emulator.faults().next(Fault::Reply(reply(403)));
    relay.once().await.unwrap();
    // It is the oldest, so it is tried first, and then waits longer than the pause.
    tokio::time::advance(Duration::from_secs(302)).await;
    queue.show_all();
    queue.server.emulator.faults().next(Fault::Reply(reply(403)));
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified().len(), 0);
    tokio::time::advance(Duration::from_secs(302)).await;
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified().len(), 20);
    assert_eq!(relay.gauges().await.unwrap().queued, 1);
}

/// A server that has none of the API's paths.
fn other_server(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 64 * 1024]);
            let _ = connection.write_all(response.as_bytes());
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_base_url_kills_no_request() {
    for response in [
        "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnot found",
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nlocation: https://www.example.com/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 5\r\nconnection: close\r\n\r\nHTTPS",
    ] {
        let queue = Queue::new();
        queue.put_many(30);
        let client =
            Client::builder().api_key("k").base_url(other_server(response)).retry(RetryPolicy::none()).build().unwrap();
        let relay = Relay::builder(client, queue.store().await).build().unwrap();
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.dead), (30, 0), "{response}");
        // The last response does not say that it is about the URL.
        assert_eq!(gauges.pause, (!response.contains("400")).then_some(Pause::BaseUrl), "{response}");

        queue.show_all();
        queue.relay().await.once().await.unwrap();
        assert_eq!(queue.server.notified().len(), 30);
    }
}
