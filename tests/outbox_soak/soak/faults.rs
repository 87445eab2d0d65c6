//! The faults of the server: a tenth of all requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use teleflow_emulator::{Emulator, Fault, Reply};

use crate::relay_process::{LEASE, TIMEOUT};

const PROBABILITY: f64 = 0.1;
/// The delay of a request that the server processes when the lease of its message is over. Such a fault is rare, because the
/// program waits for it at its end.
const VERY_LATE: Duration = LEASE.saturating_add(Duration::from_secs(1));

/// The faults that a run injects.
#[derive(Clone)]
pub struct Faults(Arc<Mutex<State>>);

struct State {
    random: Rng,
    /// When the server has processed all requests that are late.
    late_until: Instant,
}

fn choose(random: &mut Rng) -> Fault {
    match random.u8(0..100) {
        // The request is not processed.
        0..4 => Fault::RefuseConnections(Duration::from_millis(3)),
        4..12 => Fault::CloseBefore,
        12..18 => Fault::Reply(Reply::new(429)),
        18..22 => Fault::Reply(Reply::new(429).header("retry-after", "1")),
        22..32 => Fault::Reply(Reply::new(500)),
        32..38 => Fault::Reply(Reply::new(502).body("<html>Bad Gateway</html>")),
        38..42 => Fault::Reply(Reply::new(503).header("retry-after", "1")),
        // The request is processed, and its response does not arrive.
        42..56 => Fault::CloseAfter,
        56..62 => Fault::HalfBody,
        62..68 => Fault::GarbageBody,
        68..78 => Fault::ReplyAfter(Reply::new(504)),
        78..88 => Fault::DelayAfter(TIMEOUT * 2),
        // The request is processed after the client has given up.
        88..98 => Fault::DelayBefore(TIMEOUT * 2),
        _ => Fault::DelayBefore(VERY_LATE),
    }
}

impl Faults {
    pub fn inject(emulator: &Emulator, seed: u64) -> Self {
        let faults = Self(Arc::new(Mutex::new(State { random: Rng::with_seed(seed), late_until: Instant::now() })));
        let state = Arc::clone(&faults.0);
        emulator.faults().when(move |_| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let fault = (state.random.f64() < PROBABILITY).then(|| choose(&mut state.random))?;
            if let Fault::DelayBefore(delay) | Fault::DelayAfter(delay) = fault {
                state.late_until = state.late_until.max(Instant::now() + delay);
            }
            Some(fault)
        });
        faults
    }

    /// When the server has processed all requests that it got until now.
    pub fn late_until(&self) -> Instant {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).late_until
    }
}
