//! Misbehaviour on request: what goes wrong, and with which requests.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::{Fault, Seen};
use super::random::Random;

type Rule = Arc<dyn Fn(&Seen) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
struct Plan {
    script: VecDeque<Option<Fault>>,
    rules: Vec<Rule>,
    random: Option<Random>,
    met: u64,
}

/// What goes wrong with which request. [`Emulator::faults`](crate::Emulator::faults) has it.
///
/// A script comes first; once it is used up rules are asked, and then chance. Requests to the paths under `/__` and
/// [`Emulator::answer`](crate::Emulator::answer) meet no faults.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault};
///
/// let emulator = Emulator::new();
/// // The first request passes, the second is cut off, and then all pass.
/// emulator.faults().script([None, Some(Fault::CloseAfter)]);
/// assert_eq!(emulator.faults().met(), 0);
/// ```
pub struct Faults {
    plan: Mutex<Plan>,
    /// Until when no connection is accepted.
    refusing_until: watch::Sender<Option<Instant>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("met", &self.met()).finish_non_exhaustive()
    }
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self { plan: Mutex::default(), refusing_until: watch::Sender::new(None) }
    }

    /// Adds a fault to the end of the script: the next request meets it, or the one after those scripted already.
    pub fn next(&self, fault: Fault) -> &Self {
        self.script([Some(fault)])
    }

    /// Adds to the end of the script: a request for each, and `None` for one that passes.
    pub fn script(&self, faults: impl IntoIterator<Item = Option<Fault>>) -> &Self {
        self.lock().script.extend(faults);
        self
    }

    /// Adds a rule, which is asked about each request. The first rule to name a fault decides.
    pub fn when(&self, rule: impl Fn(&Seen) -> Option<Fault> + Send + Sync + 'static) -> &Self {
        self.lock().rules.push(Arc::new(rule));
        self
    }

    /// Leaves the rest to chance.
    pub fn random(&self, random: Random) -> &Self {
        self.lock().random = Some(random);
        self
    }

    /// Accepts no connection for this long, from now on. Those that are idle are closed, as by a server that restarts.
    ///
    /// It is tokio's clock that runs; [`Emulator::advance`](crate::Emulator::advance) does not shorten it.
    pub fn refuse(&self, time: Duration) -> &Self {
        self.refusing_until.send_replace(Instant::now().checked_add(time));
        self
    }

    /// Forgets script, rules and chance: from now on all goes well.
    pub fn clear(&self) -> &Self {
        let mut plan = self.lock();
        *plan = Plan { met: plan.met, ..Plan::default() };
        drop(plan);
        self
    }

    /// How many requests have met a fault.
    #[must_use]
    pub fn met(&self) -> u64 {
        self.lock().met
    }

    pub(crate) fn choose(&self, request: &Seen) -> Option<Fault> {
        let fault = match self.scripted() {
            Ok(scripted) => scripted,
            // A rule may look at these faults itself, so none is asked under the lock.
            Err(rules) => match rules.iter().find_map(|rule| rule(request)) {
                Some(fault) => Some(fault),
                None => self.lock().random.as_mut().and_then(|random| random.choose(request)),
            },
        };
        self.lock().met += u64::from(fault.is_some());
        fault
    }

    /// What the script says of the next request, or the rules if there is none.
    fn scripted(&self) -> Result<Option<Fault>, Vec<Rule>> {
        let mut plan = self.lock();
        plan.script.pop_front().ok_or_else(|| plan.rules.clone())
    }

    pub(crate) fn is_refusing(&self) -> bool {
        self.refusing_until.borrow().is_some_and(|until| until > Instant::now())
    }

    /// Hears of each refusal that begins.
    #[cfg(feature = "serve")]
    pub(crate) fn refusals(&self) -> watch::Receiver<Option<Instant>> {
        self.refusing_until.subscribe()
    }

    /// Nothing panics while it is held.
    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
