//! The messages of a run, which depend only on the seed.

use std::error::Error;

use fastrand::Rng;
use serde_json::json;
use teleflow::{Broadcast, Bulk, Event, Recipient, Request, Topic};
use teleflow_emulator::{Emulator, Kind, Workflow};

/// The workflows of most events.
const WORKFLOWS: [&str; 4] = ["shipped", "paid", "returned", "welcome"];
/// A workflow that is inactive for a time. The server says so for single events and bulks, but not for broadcasts.
const EDITED: &str = "edited";
/// The workflow of all broadcasts.
const ANNOUNCED: &str = "announced";
/// A workflow with a required variable that these events do not have, so the server refuses them.
const STRICT: &str = "strict";

const SUBSCRIBERS: usize = 200;
const TOPICS: usize = 20;
const MAX_BROADCASTS: usize = 100;
/// The version of a stored request that no library has written yet.
const FUTURE: &str = r#"{"version":1000000,"of":"the future"}"#;
/// JSON that is not a stored request. The last one has a field that no version has.
const POISON: [&str; 4] = ["{}", "[]", "\"text\"", r#"{"version":1,"endpoint":"trigger","unknown":7}"#];

/// How a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Commit,
    Rollback,
    /// The connection is closed, so the database rolls back.
    Disconnect,
}

/// One transaction with its message.
pub struct Planned {
    /// The row of the transaction in the table `orders`.
    pub number: usize,
    pub content: Content,
    pub end: End,
}

pub enum Content {
    Request {
        request: Request,
        events: Vec<PlannedEvent>,
    },
    /// JSON that is not a stored request.
    Poison(&'static str),
    /// A request that a newer version of the library stored.
    Future(&'static str),
}

/// One event of a request.
pub struct PlannedEvent {
    /// The number in the payload, which no other event has.
    pub number: u64,
    pub transaction_id: String,
    /// The server refuses it whenever it is sent, so it is dead.
    pub is_refused: bool,
    pub is_broadcast: bool,
}

/// Adds the workflows, subscribers and topics of the events.
pub fn prepare(emulator: &Emulator) {
    for name in WORKFLOWS.iter().chain([&EDITED, &ANNOUNCED]) {
        emulator.workflow(Workflow::new(*name));
    }
    emulator.workflow(Workflow::new(STRICT).required("orderId", Kind::String));
    for number in 0..SUBSCRIBERS {
        emulator.subscriber(subscriber(number));
    }
    for topic in 0..TOPICS {
        emulator.topic(&topic_key(topic), (0..5).map(|member| subscriber(topic * 5 + member)));
    }
}

/// Deactivates or activates the workflow that is edited.
pub fn set_edited(emulator: &Emulator, is_active: bool) {
    let workflow = Workflow::new(EDITED);
    emulator.workflow(if is_active { workflow } else { workflow.inactive() });
}

fn subscriber(number: usize) -> String {
    format!("subscriber-{number}")
}

fn topic_key(number: usize) -> String {
    format!("topic-{number}")
}

/// The transactions of this many requests, a few messages that are not requests among them.
pub fn plan(requests: usize, seed: u64) -> Result<Vec<Planned>, Box<dyn Error + Send + Sync>> {
    let mut planner = Planner { random: Rng::with_seed(seed), events: 0 };
    let every = (requests / MAX_BROADCASTS).max(25);
    let mut planned = Vec::with_capacity(requests + requests / 500 + 8);
    for number in 0..requests {
        if number % 1000 == 7 {
            let poison = POISON[number / 1000 % POISON.len()];
            planned.push(planner.transaction(Content::Poison(poison)));
        }
        if number % 5000 == 11 {
            planned.push(planner.transaction(Content::Future(FUTURE)));
        }
        let content = planner.request(number % every == every - 1)?;
        planned.push(planner.transaction(content));
    }
    for (number, planned) in planned.iter_mut().enumerate() {
        planned.number = number;
    }
    Ok(planned)
}

struct Planner {
    random: Rng,
    events: u64,
}

impl Planner {
    /// A third is rolled back. The number follows.
    fn transaction(&mut self, content: Content) -> Planned {
        let end = match (&content, self.random.u8(0..90)) {
            // Otherwise a short run might have none of them.
            (Content::Poison(_) | Content::Future(_), _) | (_, 30..) => End::Commit,
            (_, 0) => End::Disconnect,
            _ => End::Rollback,
        };
        Planned { number: 0, content, end }
    }

    fn request(&mut self, is_broadcast: bool) -> Result<Content, Box<dyn Error + Send + Sync>> {
        if is_broadcast {
            let number = self.next_number();
            let mut event = Broadcast::untyped(ANNOUNCED, json!({ "number": number }));
            if let Some(id) = self.id(number) {
                event = event.transaction_id(id);
            }
            return Ok(content(event.into_request()?, &[(number, false)], true));
        }
        let kind = self.random.u8(0..100);
        if kind < 15 {
            let count = self.random.usize(2..=12);
            // A few bulks have an event that is refused, while the others are queued.
            let refused = (self.random.u8(0..20) == 0).then(|| self.random.usize(0..count));
            let mut bulk = Bulk::new();
            let mut events = Vec::new();
            for position in 0..count {
                let is_refused = refused == Some(position);
                let (event, number) = self.event(is_refused, false);
                bulk.push(event);
                events.push((number, is_refused));
            }
            return Ok(content(bulk.into_request()?, &events, false));
        }
        let is_refused = kind == 99;
        let (event, number) = self.event(is_refused, kind < 30);
        Ok(content(event.into_request()?, &[(number, is_refused)], false))
    }

    fn event(
        &mut self,
        is_refused: bool,
        has_topic: bool,
    ) -> (Event<teleflow::Untyped<serde_json::Value>, Vec<Recipient>>, u64) {
        let number = self.next_number();
        let workflow = match self.random.usize(0..20) {
            _ if is_refused => STRICT,
            0 => EDITED,
            other => WORKFLOWS[other % WORKFLOWS.len()],
        };
        let mut to: Vec<Recipient> = vec![subscriber(self.random.usize(0..SUBSCRIBERS)).into()];
        if has_topic {
            to.push(Topic::new(topic_key(self.random.usize(0..TOPICS))).into());
        }
        let mut event = Event::untyped(workflow, json!({ "number": number })).to(to);
        if let Some(id) = self.id(number) {
            event = event.transaction_id(id);
        }
        (event, number)
    }

    fn next_number(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    /// The transaction id of some events; the library makes the others.
    fn id(&mut self, number: u64) -> Option<String> {
        self.random.bool().then(|| format!("order-{number}"))
    }
}

fn content(request: Request, events: &[(u64, bool)], is_broadcast: bool) -> Content {
    let ids = request.transaction_ids().map(|id| id.as_str().to_owned());
    let events = ids
        .zip(events)
        .map(|(transaction_id, (number, is_refused))| PlannedEvent {
            number: *number,
            transaction_id,
            is_refused: *is_refused,
            is_broadcast,
        })
        .collect();
    Content::Request { request, events }
}
