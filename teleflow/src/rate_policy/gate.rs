//! Lets the attempts of one cost class start: at once, or one after another after a wait.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turn, Notify};
use tokio::time::timeout;

use super::pace::{Pace, Price, Report};

/// How long an attempt waits for its turn before it checks whether it may start without it. The application may have
/// stopped polling the future whose turn it is.
const LONGEST_TURN: Duration = Duration::from_secs(1);

/// How long an attempt waits for its turn when nothing else is left to wait for.
const SHORTEST_TURN: Duration = Duration::from_millis(50);

/// The gate of one cost class.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    /// Attempts that wait take turns, in the order of their arrival. A future that is dropped gives up its turn.
    turn: Turn<()>,
    /// There was a response, so the attempt whose turn it is may have less to wait for.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    pace: Pace,
    in_flight: u32,
    waiting: u32,
}

/// An attempt that has started and has no response yet.
#[derive(Debug)]
pub(crate) struct InFlight<'a>(&'a Gate);

/// The attempt may not start before the request's deadline. Without others before it, it might start after this wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLate(pub(crate) Duration);

impl Gate {
    /// Starts an attempt at once if there are no facts to check. It reads no clock.
    pub(super) fn start_without_facts(&self) -> Option<InFlight<'_>> {
        let mut state = self.state();
        (state.pace.has_no_facts() && state.waiting == 0).then(|| {
            state.in_flight += 1;
            InFlight(self)
        })
    }

    pub(super) fn has_no_facts(&self) -> bool {
        self.state().pace.has_no_facts()
    }

    /// Starts an attempt as soon as the pace allows it.
    ///
    /// `clock` measures the time that the facts use, `price` may change during the wait.
    ///
    /// # Errors
    ///
    /// If the wait is longer than `time_left`: at once where the server has said so, else when that time is over.
    pub(super) async fn start(
        &self,
        price: impl Fn() -> Price,
        clock: impl Fn() -> Duration,
        time_left: Duration,
    ) -> Result<InFlight<'_>, TooLate> {
        let waiting = {
            let mut state = self.state();
            let wait = state.pace.wait(price(), clock());
            if wait.is_zero() && state.waiting == 0 {
                return Ok(self.admit(state, price(), false, clock()));
            }
            if wait > time_left {
                return Err(TooLate(wait));
            }
            state.waiting += 1;
            Waiting(self)
        };
        // Boxed, because the wait is rare and half of the size of the future of a request.
        Box::pin(self.start_in_turn(waiting, price, clock, time_left)).await
    }

    async fn start_in_turn(
        &self,
        _waiting: Waiting<'_>,
        price: impl Fn() -> Price,
        clock: impl Fn() -> Duration,
        time_left: Duration,
    ) -> Result<InFlight<'_>, TooLate> {
        let latest = clock().saturating_add(time_left);
        let mut next_turn = pin!(self.turn.lock());
        let mut turn = None;
        loop {
            let left = latest.saturating_sub(clock());
            if turn.is_none() {
                // Once the wait is over, an attempt whose future is not polled must not delay the others for long.
                let longest = self.state().pace.wait(price(), clock()).saturating_add(SHORTEST_TURN).min(LONGEST_TURN);
                turn = timeout(left.min(longest), next_turn.as_mut()).await.ok();
            }
            let wait = {
                let state = self.state();
                let wait = state.pace.wait(price(), clock());
                if wait.is_zero() {
                    return Ok(self.admit(state, price(), true, clock()));
                }
                wait
            };
            if clock().saturating_add(wait) > latest {
                return Err(TooLate(wait));
            }
            if turn.is_some() {
                // Both outcomes are the same: the wait is over, or there are new facts.
                let _ = timeout(wait, self.changed.notified()).await;
            }
        }
    }

    fn admit(&self, mut state: MutexGuard<'_, State>, price: Price, waited: bool, now: Duration) -> InFlight<'_> {
        state.pace.start(price, waited, now);
        state.in_flight += 1;
        drop(state);
        InFlight(self)
    }

    /// Updates the facts from the response to an attempt that is no longer in flight.
    pub(super) fn update(&self, price: Price, report: Report, now: Duration) {
        self.change(|pace, in_flight| pace.update(price, &Report { in_flight, ..report }, now));
    }

    /// Updates the facts from the tokens that a response to the other class has reported.
    pub(super) fn update_from_other_class(&self, price: Price, remaining: u32, now: Duration) {
        self.change(|pace, in_flight| pace.update_from_other_class(price, remaining, in_flight, now));
    }

    fn change(&self, change: impl FnOnce(&mut Pace, u32)) {
        let mut state = self.state();
        let in_flight = state.in_flight;
        change(&mut state.pace, in_flight);
        let is_awaited = state.waiting > 0;
        drop(state);
        if is_awaited {
            self.changed.notify_one();
        }
    }

    /// Lets no attempt start for this time.
    pub(super) fn block(&self, wait: Duration, now: Duration) {
        self.change(|pace, _| pace.block(wait, now));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
    }
}

/// An attempt that waits for its turn.
struct Waiting<'a>(&'a Gate);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}
