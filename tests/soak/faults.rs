//! The faults of each pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use teleflow_emulator::{Emulator, Fault, RateLimit, Reply, RequestInfo};

/// The timeout of one attempt.
pub const TIMEOUT: Duration = Duration::from_millis(400);

/// The faults that a retry repairs.
pub fn repairable() -> Vec<Fault> {
    vec![
        // The request does not arrive.
        Fault::RefuseConnections(Duration::from_millis(3)),
        Fault::CloseBefore,
        Fault::Reply(Reply::new(408)),
        Fault::Reply(Reply::new(429)),
        Fault::Reply(Reply::new(429).header("retry-after", "1")),
        Fault::Reply(Reply::new(500)),
        Fault::Reply(Reply::new(502).body("<html>Bad Gateway</html>")),
        Fault::Reply(Reply::new(503)),
        Fault::Reply(Reply::new(503).retry_after_date(Duration::from_secs(1), 86_400)),
        // The request arrives, and its response does not.
        Fault::CloseAfter,
        Fault::HalfBody,
        Fault::ReplyAfter(Reply::new(502)),
        Fault::ReplyAfter(Reply::new(503)),
        Fault::ReplyAfter(Reply::new(504)),
        Fault::DelayAfter(TIMEOUT * 2),
        // The request arrives after the client has given up, or just before.
        Fault::DelayBefore(TIMEOUT * 2),
        Fault::DelayBefore(TIMEOUT / 4),
    ]
}

/// All faults.
pub fn all() -> Vec<Fault> {
    let mut faults = repairable();
    faults.extend([
        Fault::GarbageBody,
        Fault::HugeBody,
        Fault::Reply(Reply::redirect("http://127.0.0.1:1/")),
        Fault::Reply(Reply::new(400)),
        Fault::Reply(Reply::new(403)),
        Fault::Reply(Reply::new(404)),
        Fault::Reply(Reply::new(413)),
        Fault::Reply(Reply::new(422)),
        Fault::Reply(Reply::new(501)),
        Fault::Reply(Reply::new(429).header("retry-after", "3600")),
        Fault::Reply(Reply::new(409)),
        Fault::ReplyAfter(Reply::new(505)),
    ]);
    // Responses to another request, with and without processing this one.
    for body in responses_to_another_event() {
        let reply = Reply::new(201).body(body);
        faults.extend([Fault::Reply(reply.clone()), Fault::ReplyAfter(reply)]);
    }
    faults
}

/// Responses with the transaction id of another event: to a single event, and to a bulk.
fn responses_to_another_event() -> [String; 2] {
    let item = json!({"acknowledged": true, "status": "processed", "transactionId": "of-another-event"});
    [json!({"data": item}), json!({"data": vec![item; 100]})].map(|body| body.to_string())
}

/// A disturbance that happens once, after half of the events have been sent.
#[derive(Debug, Clone, Copy)]
pub enum Midway {
    /// The responses to bulks are lost. Then the rate limit is too low for a bulk for a moment.
    RateLimitDrops,
    /// The server refuses connections for two seconds.
    ConnectionsRefused,
}

impl Midway {
    pub async fn disturb(self, emulator: Emulator) {
        match self {
            Self::RateLimitDrops => {
                let loses_bulks = Arc::new(AtomicBool::new(true));
                let is_losing = Arc::clone(&loses_bulks);
                emulator.faults().when(move |request: &RequestInfo| {
                    let is_lost = is_losing.load(Ordering::Relaxed) && request.path().ends_with("/bulk");
                    is_lost.then_some(Fault::CloseAfter)
                });
                tokio::time::sleep(Duration::from_millis(200)).await;
                emulator.rate_limit(RateLimit::PerSecond(90));
                loses_bulks.store(false, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(200)).await;
                emulator.rate_limit(RateLimit::PerSecond(1_000_000));
            }
            Self::ConnectionsRefused => {
                emulator.faults().refuse_connections(Duration::from_secs(2));
            }
        }
    }
}
