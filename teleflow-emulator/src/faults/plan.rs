//! `Faults`: the script, the rules and the random faults of an emulator.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::fault::{Fault, RequestInfo};
use super::random::RandomFaults;

type Rule = Arc<dyn Fn(&RequestInfo) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
struct Plan {
    script: VecDeque<Option<Fault>>,
    rules: Vec<Rule>,
    random: Option<RandomFaults>,
    injected: u64,
}

/// The faults that an emulator injects. [`Emulator::faults`](crate::Emulator::faults) returns it.
///
/// The script is used first. After its end the rules decide, and then the random faults. Requests to paths under `/__`
/// and requests through [`Emulator::answer`](crate::Emulator::answer) have no faults.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault};
///
/// let emulator = Emulator::new();
/// // The first request succeeds, the response to the second is lost, and the others succeed.
/// emulator.faults().script([None, Some(Fault::CloseAfter)]);
/// assert_eq!(emulator.faults().injected(), 0);
/// ```
pub struct Faults {
    plan: Mutex<Plan>,
    /// No connection is accepted until this time.
    refusing_until: watch::Sender<Option<Instant>>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("injected", &self.injected()).finish_non_exhaustive()
    }
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self { plan: Mutex::default(), refusing_until: watch::Sender::new(None) }
    }

    /// Adds a fault to the end of the script. The next request has it if the script was empty.
    pub fn next(&self, fault: Fault) -> &Self {
        self.script([Some(fault)])
    }

    /// Adds to the end of the script: one entry for each request, `None` for a request without a fault.
    pub fn script(&self, faults: impl IntoIterator<Item = Option<Fault>>) -> &Self {
        self.lock().script.extend(faults);
        self
    }

    /// Adds a rule, which is called for each request. The first rule that returns a fault decides.
    pub fn when(&self, rule: impl Fn(&RequestInfo) -> Option<Fault> + Send + Sync + 'static) -> &Self {
        self.lock().rules.push(Arc::new(rule));
        self
    }

    /// Injects random faults into the requests that neither the script nor a rule decides.
    pub fn random(&self, random: RandomFaults) -> &Self {
        self.lock().random = Some(random);
        self
    }

    /// Refuses connections for this long, from now on. Idle connections are closed, as by a server that restarts.
    ///
    /// This uses tokio's clock; [`Emulator::advance`](crate::Emulator::advance) does not shorten it.
    pub fn refuse_connections(&self, time: Duration) -> &Self {
        self.refusing_until.send_replace(Instant::now().checked_add(time));
        self
    }

    /// Removes the script, the rules and the random faults. A refusal of connections continues.
    pub fn clear(&self) -> &Self {
        let mut plan = self.lock();
        *plan = Plan { injected: plan.injected, ..Plan::default() };
        drop(plan);
        self
    }

    /// How many requests have had a fault.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.lock().injected
    }

    pub(crate) fn choose(&self, request: &RequestInfo) -> Option<Fault> {
        let fault = match self.next_scripted() {
            Ok(scripted) => scripted,
            // A rule may use `Faults` itself, so no lock is held while it runs.
            Err(rules) => match rules.iter().find_map(|rule| rule(request)) {
                Some(fault) => Some(fault),
                None => self.lock().random.as_mut().and_then(|random| random.choose(request)),
            },
        };
        self.lock().injected += u64::from(fault.is_some());
        fault
    }

    /// Takes the next entry of the script, or returns the rules if the script is empty.
    fn next_scripted(&self) -> Result<Option<Fault>, Vec<Rule>> {
        let mut plan = self.lock();
        plan.script.pop_front().ok_or_else(|| plan.rules.clone())
    }

    pub(crate) fn is_refusing(&self) -> bool {
        self.refusing_until.borrow().is_some_and(|until| until > Instant::now())
    }

    /// Changes whenever a refusal of connections begins.
    #[cfg(feature = "serve")]
    pub(crate) fn refusals(&self) -> watch::Receiver<Option<Instant>> {
        self.refusing_until.subscribe()
    }

    /// No code panics while it has the lock.
    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
