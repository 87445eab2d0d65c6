//! `cargo teleflow outbox dead`: lists the dead requests, without payloads and recipients.

use serde_json::{Value, json};
use teleflow_outbox::{DeadMessage, Store};

use super::age::age;
use super::failed;
use crate::args::outbox::{Dead, Format};
use crate::failure::Failure;
use crate::output::{note, print, sanitize};

/// How many transaction ids of a bulk are printed for people.
const SHOWN_IDS: usize = 3;

pub(crate) async fn run(args: &Dead, store: &Store) -> Result<(), Failure> {
    let dead = store.dead().await.map_err(|error| failed(&error))?;
    let total = store.metrics().await.map_err(|error| failed(&error))?.dead;
    match args.queue.format {
        Format::Json => {
            let dead: Vec<Value> = dead.iter().map(object).collect();
            return print(&format!("{}\n", json!({ "total": total, "dead": dead })));
        }
        Format::Human if dead.is_empty() => print("no dead requests\n")?,
        Format::Human => print(&dead.iter().map(lines).collect::<String>())?,
    }
    if usize::try_from(total).is_ok_and(|total| total > dead.len()) {
        note(&format!("these are the oldest {} of {total} dead requests", dead.len()));
    }
    Ok(())
}

/// The distinct triggers of a request, and its transaction ids.
fn names(message: &DeadMessage) -> (Vec<&str>, Vec<&str>) {
    let Some(request) = message.request() else { return (Vec::new(), Vec::new()) };
    let mut triggers: Vec<&str> = request.triggers().map(|trigger| trigger.as_str()).collect();
    triggers.sort_unstable();
    triggers.dedup();
    (triggers, request.transaction_ids().map(|id| id.as_str()).collect())
}

fn lines(message: &DeadMessage) -> String {
    let (triggers, ids) = names(message);
    let more = match ids.len().saturating_sub(SHOWN_IDS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown: Vec<&str> = ids.iter().take(SHOWN_IDS).copied().collect();
    let mut text = format!("{}  dead for {}: {}\n", message.id(), age(message.dead_for()), sanitize(message.reason()));
    if !triggers.is_empty() {
        text += &format!("    workflow {}, ", sanitize(&triggers.join(", ")));
        text += &format!("transaction {}{more}\n", sanitize(&shown.join(", ")));
    }
    text
}

fn object(message: &DeadMessage) -> Value {
    let (triggers, ids) = names(message);
    json!({
        "id": message.id(),
        "dead_for_seconds": message.dead_for().as_secs(),
        "reason": message.reason(),
        "triggers": triggers,
        "transaction_ids": ids,
    })
}
