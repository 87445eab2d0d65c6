//! Misbehaviour on request: what goes wrong, and with which requests.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::reply::Reply;

/// Something that goes wrong with one request.
///
/// Each says whether the server has acted on the request, which its client cannot know.
///
/// ```
/// use std::time::Duration;
/// use teleflow_emulator::{Emulator, Fault, Reply};
///
/// let emulator = Emulator::new();
/// emulator.faults().next(Fault::Reply(Reply::new(503))).next(Fault::CloseAfter);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Fault {
    /// Something in front of the server answers in its place: **not** acted on.
    Reply(Reply),
    /// The server acts, and something in front of it answers all the same.
    ReplyAfter(Reply),
    /// The request waits this long before the server acts on it. It does so even if its client has given up.
    DelayBefore(Duration),
    /// The server acts at once, and its answer comes this much later.
    DelayAfter(Duration),
    /// The connection is closed, and for this long no new one is accepted: **not** acted on.
    Refuse(Duration),
    /// The connection is closed before the request's body is read: **not** acted on.
    CloseBefore,
    /// The server acts, and the connection is closed in place of an answer.
    CloseAfter,
    /// The server acts, and the connection is closed in the midst of the answer's body.
    HalfBody,
    /// The server acts; the answer has its status, and a body of 2 GiB of blanks, which are made as they are read.
    HugeBody,
    /// The server acts; the answer has its status, and a body that is no JSON.
    Garbage,
}

/// What is known of a request when it is decided whether something goes wrong with it.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, Seen};
///
/// let emulator = Emulator::new();
/// emulator.faults().when(|request: &Seen| request.path().ends_with("/bulk").then_some(Fault::CloseAfter));
/// ```
#[derive(Debug, Clone)]
pub struct Seen {
    method: String,
    path: String,
    key: Option<String>,
}

impl Seen {
    pub(crate) fn new(head: &Parts) -> Self {
        let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        Self { method: head.method.as_str().to_owned(), path: head.uri.path().to_owned(), key: key.map(str::to_owned) }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, without a query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The `Idempotency-Key`.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// What repeats of one request have in common.
    fn identity(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.path)
    }
}

/// Faults at random, the same ones for the same seed as long as requests come one after the other.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, Random, Reply};
///
/// let emulator = Emulator::new();
/// emulator.faults().random(
///     Random::new(7).share(0.1).most_in_a_row(2).of([Fault::CloseAfter, Fault::Reply(Reply::new(502))]),
/// );
/// ```
#[derive(Debug, Clone)]
#[must_use = "hand it to `Faults::random`"]
pub struct Random {
    state: u64,
    share: f64,
    most_in_a_row: u32,
    faults: Vec<Fault>,
    in_a_row: HashMap<String, u32>,
}

impl Random {
    /// No faults yet, and a tenth of all requests to have them.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, share: 0.1, most_in_a_row: u32::MAX, faults: Vec::new(), in_a_row: HashMap::new() }
    }

    /// The share of requests with which something goes wrong, from 0 to 1.
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// How many attempts of one request in a row may meet a fault. Attempts belong together that have the same
    /// `Idempotency-Key`, or the same path where they have none.
    pub fn most_in_a_row(mut self, most: u32) -> Self {
        self.most_in_a_row = most;
        self
    }

    /// The faults to choose from, all alike. One listed twice comes twice as often.
    pub fn of(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    fn choose(&mut self, request: &Seen) -> Option<Fault> {
        let (hit, which) = (self.next(), self.next());
        // The upper 53 bits, as a fraction.
        let is_hit = ((hit >> 11) as f64) / ((1_u64 << 53) as f64) < self.share;
        let met = self.in_a_row.get(request.identity()).copied().unwrap_or(0);
        let count = u64::try_from(self.faults.len()).unwrap_or(u64::MAX);
        let index = which.checked_rem(count).and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.faults.get(index)) {
            Some(fault) if is_hit && met < self.most_in_a_row => {
                self.in_a_row.insert(request.identity().to_owned(), met + 1);
                Some(fault.clone())
            }
            _ => {
                self.in_a_row.remove(request.identity());
                None
            }
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

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
