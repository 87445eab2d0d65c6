//! What goes wrong.

use std::time::Duration;

use teleflow_emulator::{Fault, Reply};

/// The time limit of one attempt.
pub const TIMEOUT: Duration = Duration::from_millis(400);

/// What a repeat mends.
pub fn mendable() -> Vec<Fault> {
    vec![
        // It never arrived.
        Fault::Refuse(Duration::from_millis(3)),
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

/// What a repeat mends, and what it does not.
pub fn all() -> Vec<Fault> {
    let mut faults = mendable();
    faults.extend([
        Fault::Garbage,
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
    faults
}
