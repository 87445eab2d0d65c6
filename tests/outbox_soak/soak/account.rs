//! Compares the transactions of the application with the events that the server queued, the notifications of its worker,
//! and the dead messages.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use teleflow_emulator::Emulator;
use teleflow_outbox::DeadMessage;

use crate::database::Outcome;
use crate::plan::{Content, Planned, PlannedEvent};
use crate::worker::Processed;

/// The counts of a run. An event is identified by its number and its transaction id.
#[derive(Debug, Default)]
pub struct Account {
    committed: usize,
    delivered: usize,
    /// Dead, and not delivered.
    dead: usize,
    lost: usize,
    phantom: usize,
    doubled_calls: usize,
    doubled_for_subscribers: usize,
    /// What is wrong, apart from the counts.
    pub failures: Vec<String>,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { committed, delivered, dead, lost, phantom, doubled_calls, doubled_for_subscribers, .. } = self;
        write!(
            f,
            "committed={committed} delivered={delivered} dead={dead} lost={lost} phantom={phantom} \
             doubled_calls={doubled_calls} doubled_for_subscribers={doubled_for_subscribers}"
        )
    }
}

impl Account {
    pub fn is_right(&self) -> bool {
        let adds_up = self.committed + self.phantom == self.delivered + self.dead + self.lost;
        adds_up && self.lost + self.phantom + self.doubled_for_subscribers == 0 && self.failures.is_empty()
    }
}

type Id = (u64, String);

fn id(event: &PlannedEvent) -> Id {
    (event.number, event.transaction_id.clone())
}

/// What the database and the server have at the end of a run.
pub struct Ending<'a> {
    pub planned: &'a [Planned],
    /// What the application knows of each transaction.
    pub outcomes: &'a [Option<Outcome>],
    /// The orders in the database.
    pub orders: &'a [usize],
    pub dead: &'a [DeadMessage],
    /// The messages that are not dead.
    pub queued: u64,
    /// Those of a newer version, unchanged.
    pub queued_future: u64,
    pub processed: &'a Processed,
}

pub fn account(emulator: &Emulator, ending: &Ending<'_>) -> Account {
    let mut account = Account::default();
    let orders: HashSet<usize> = ending.orders.iter().copied().collect();
    account.check_outcomes(ending, &orders);

    let mut committed: HashMap<Id, &PlannedEvent> = HashMap::new();
    let (mut poison, mut future) = (0, 0);
    for planned in ending.planned.iter().filter(|planned| orders.contains(&planned.number)) {
        match &planned.content {
            Content::Request { events, .. } => committed.extend(events.iter().map(|event| (id(event), event))),
            Content::Poison(_) => poison += 1,
            Content::Future(_) => future += 1,
        }
    }

    let delivered: HashSet<&Id> = ending.processed.jobs.keys().collect();
    account.committed = committed.len();
    account.delivered = delivered.len();
    account.phantom = delivered.iter().filter(|id| !committed.contains_key(**id)).count();
    account.doubled_calls = ending.processed.jobs.values().filter(|jobs| **jobs > 1).count();

    let numbers: HashMap<&str, u64> = committed.keys().map(|(number, id)| (id.as_str(), *number)).collect();
    let dead = account.dead_events(ending, &numbers, poison);
    account.dead = dead.iter().filter(|id| !delivered.contains(id)).count();
    account.lost = committed.keys().filter(|id| !delivered.contains(id) && !dead.contains(*id)).count();
    account.check_dead(&committed, &delivered, &dead);

    if (ending.queued, ending.queued_future) != (future, future) {
        account.fail(format!(
            "{future} messages of a newer version were committed, but {} messages are queued, {} of them such ones",
            ending.queued, ending.queued_future
        ));
    }
    for (error, times) in &ending.processed.errors {
        account.fail(format!("the worker failed {times} times: {error}"));
    }
    account.check_notifications(emulator, &delivered);
    account
}

impl Account {
    fn fail(&mut self, what: String) {
        self.failures.push(what);
    }

    /// Compares the orders with the outcomes that the application knows.
    fn check_outcomes(&mut self, ending: &Ending<'_>, orders: &HashSet<usize>) {
        for (number, outcome) in ending.outcomes.iter().enumerate() {
            match (outcome, orders.contains(&number)) {
                (Some(Outcome::Committed), true) | (Some(Outcome::RolledBack), false) | (Some(Outcome::Unknown), _) => {
                }
                (outcome, is_there) => {
                    self.fail(format!(
                        "transaction {number} has the outcome {outcome:?}, and its order exists: {is_there}"
                    ));
                }
            }
        }
    }

    /// The events of the dead messages. Fails if there are more dead messages that are not requests than poison.
    fn dead_events(&mut self, ending: &Ending<'_>, numbers: &HashMap<&str, u64>, poison: usize) -> BTreeSet<Id> {
        let mut dead = BTreeSet::new();
        let mut unreadable = 0;
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for message in ending.dead {
            *reasons.entry(message.reason().chars().take(100).collect()).or_default() += 1;
            let Some(request) = message.request() else {
                unreadable += 1;
                continue;
            };
            for transaction_id in request.transaction_ids() {
                let number = numbers.get(transaction_id.as_str()).copied().unwrap_or_default();
                if !dead.insert((number, transaction_id.as_str().to_owned())) {
                    self.fail(format!("event {number} is dead twice"));
                }
            }
        }
        for (reason, count) in reasons {
            println!("  {count:6} dead: {reason}");
        }
        if unreadable != poison {
            self.fail(format!("{poison} messages that are not requests were committed, and {unreadable} are dead"));
        }
        dead
    }

    /// Refused events are dead, and no other events; but a broadcast may be dead if nobody knows whether it was sent.
    fn check_dead(&mut self, committed: &HashMap<Id, &PlannedEvent>, delivered: &HashSet<&Id>, dead: &BTreeSet<Id>) {
        let mut broadcasts = 0;
        for id in dead {
            match committed.get(id) {
                Some(event) if event.is_refused => {}
                Some(event) if event.is_broadcast => broadcasts += 1,
                Some(_) => {
                    let is_delivered = delivered.contains(id);
                    self.fail(format!("event {} is dead, and should not be; delivered: {is_delivered}", id.0));
                }
                None => self.fail(format!("an event that was not committed is dead: {}", id.1)),
            }
        }
        let refused = committed.values().filter(|event| event.is_refused).count();
        println!("  {refused} events are refused, {broadcasts} broadcasts of unknown fate are dead");
    }

    /// Counts the subscribers that were notified twice of an event. Each delivered event must notify somebody.
    fn check_notifications(&mut self, emulator: &Emulator, delivered: &HashSet<&Id>) {
        let mut notified: HashMap<(u64, String), u32> = HashMap::new();
        let mut of_events: HashSet<u64> = HashSet::new();
        for notification in emulator.notifications() {
            let number = notification.payload().get("number").and_then(serde_json::Value::as_u64).unwrap_or_default();
            of_events.insert(number);
            *notified.entry((number, notification.subscriber_id().to_owned())).or_default() += 1;
        }
        self.doubled_for_subscribers = notified.values().filter(|times| **times > 1).count();
        let silent = delivered.iter().filter(|id| !of_events.contains(&id.0)).count();
        if silent > 0 {
            self.fail(format!("{silent} delivered events have notified nobody"));
        }
    }
}
