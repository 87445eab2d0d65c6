//! What goes wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use teleflow_emulator::{Emulator, Fault, RateLimit, Reply, RequestInfo};

/// The time limit of one attempt.
pub const TIMEOUT: Duration = Duration::from_millis(400);

/// What a retry repairs.
pub fn repairable() -> Vec<Fault> {
    vec![
        // It never arrived.
        Fault::RefuseConnections(Duration::from_millis(3)),
        Fault::CloseBefore,
        Fault::Reply(Reply::new(408)),
        Fault::Reply(Reply::new(429)),
        Fault::Reply(Reply::new(429).header("retry-after", "1")),
        Fault::Reply(Reply::new(500)),
        Fault::Reply(Reply::new(502).body("<html>Bad Gateway</html>")),
        Fault::Reply(Reply::new(503)),
        Fault::Reply(Reply::new(503).retry_after_date(Duration::from_secs(1), 86_400)),
        // It arrived, and nobody learned of it.
        Fault::CloseAfter,
        Fault::HalfBody,
        Fault::ReplyAfter(Reply::new(502)),
        Fault::ReplyAfter(Reply::new(503)),
        Fault::ReplyAfter(Reply::new(504)),
        Fault::DelayAfter(TIMEOUT * 2),
        // It arrives when its client has given up, or just before.
        Fault::DelayBefore(TIMEOUT * 2),
        Fault::DelayBefore(TIMEOUT / 4),
    ]
}

/// What a retry repairs, and what it does not.
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
    // Responses to another request, whether or not the server has acted on this one.
    for body in of_another() {
        let reply = Reply::new(201).body(body);
        faults.extend([Fault::Reply(reply.clone()), Fault::ReplyAfter(reply)]);
    }
    faults
}

/// Responses that name the transaction id of another event: to a single one, and to a bulk.
fn of_another() -> [String; 2] {
    let item = json!({"acknowledged": true, "status": "processed", "transactionId": "of-another-event"});
    [json!({"data": item}), json!({"data": vec![item; 100]})].map(|body| body.to_string())
}

/// What happens once, when half of the events are sent.
#[derive(Debug, Clone, Copy)]
pub enum Midway {
    /// The responses to bulks are lost; then the plan shrinks so far that it cannot carry a bulk, and grows again.
    PlanShrinks,
    /// Nobody listens for two seconds.
    ListenerAway,
}

impl Midway {
    pub async fn happen(self, emulator: Emulator) {
        match self {
            Self::PlanShrinks => {
                let losing = Arc::new(AtomicBool::new(true));
                let is_losing = Arc::clone(&losing);
                emulator.faults().when(move |request: &RequestInfo| {
                    let is_lost = is_losing.load(Ordering::Relaxed) && request.path().ends_with("/bulk");
                    is_lost.then_some(Fault::CloseAfter)
                });
                tokio::time::sleep(Duration::from_millis(200)).await;
                emulator.rate_limit(RateLimit::PerSecond(90));
                losing.store(false, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(200)).await;
                emulator.rate_limit(RateLimit::PerSecond(1_000_000));
            }
            Self::ListenerAway => {
                emulator.faults().refuse_connections(Duration::from_secs(2));
            }
        }
    }
}
