//! `outbox` shows the queue of an outbox and works on it, in a real database.

mod arguments;
mod postgres;
mod sqlite;

use serde_json::{Value, json};
use teleflow::{Bulk, Event, Request};
use teleflow_emulator::{Emulator, Workflow};

use crate::support::{KEY, Project, Ran, Server};

/// A secret of the payloads: no output may contain it.
const PERSONAL: &str = "4711 Private Road";

fn event(trigger: &str, id: &str) -> Event<teleflow::Untyped<Value>, &'static str> {
    Event::untyped(trigger, json!({ "address": PERSONAL })).to("ada").transaction_id(id)
}

fn request(trigger: &str, id: &str) -> Request {
    event(trigger, id).into_request().unwrap()
}

/// Five events of two workflows.
fn bulk() -> Request {
    let events =
        (1..=5).map(|number| event(if number % 2 == 0 { "welcome" } else { "invoice" }, &format!("b-{number}")));
    events.collect::<Bulk>().into_request().unwrap()
}

/// An emulator that knows the workflow `welcome`, and whose `invoice` requires a variable that no event here has.
fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    emulator.workflow(Workflow::new("invoice").required("amount", teleflow_emulator::Kind::Boolean));
    emulator.subscriber("ada");
    emulator
}

/// Runs `outbox` with this database, and a server where a test needs one.
fn outbox(project: &Project, database: &str, server: Option<&Server>, arguments: &[&str]) -> Ran {
    let url = server.map(Server::url).unwrap_or_default();
    let variables = [("DATABASE_URL", database), ("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", url.as_str())];
    let ran = project.run_with(&variables, "", &[&["outbox"], arguments].concat());
    for secret in [PERSONAL, KEY, "\"ada\""] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran:#?}");
    }
    ran
}

fn parsed(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}
