//! `cargo teleflow outbox redrive`: puts dead requests back into the queue.

use std::time::{Duration, Instant};

use serde_json::json;
use teleflow_outbox::Store;

use super::failed;
use crate::args::outbox::{Format, Redrive};
use crate::failure::Failure;
use crate::output::{print, warn};

pub(crate) async fn run(args: &Redrive, store: &Store) -> Result<(), Failure> {
    let (mut redriven, mut missing) = (Vec::new(), Vec::new());
    if args.all {
        redriven = all(store).await?;
    }
    for &id in &args.ids {
        let is_found = store.redrive(id).await.map_err(|error| failed(&error))?;
        // An id that was given twice is not missing.
        if !is_found && redriven.contains(&id) {
            continue;
        }
        if is_found { redriven.push(id) } else { missing.push(id) }
    }
    match args.queue.format {
        Format::Json => print(&format!("{}\n", json!({ "redriven": redriven, "missing": missing })))?,
        Format::Human => {
            missing.iter().for_each(|id| warn(&format!("no dead request has the id {id}")));
            let number = redriven.len();
            print(&format!("{number} request{} put back into the queue\n", if number == 1 { "" } else { "s" }))?;
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// The databases count in milliseconds, and their clocks are not quite even.
const CLOCK_ERROR: Duration = Duration::from_secs(1);

/// Puts back all requests that were dead at the start. Those that a relay makes dead meanwhile stay dead.
async fn all(store: &Store) -> Result<Vec<i64>, Failure> {
    let start = Instant::now();
    let mut redriven = Vec::new();
    loop {
        let elapsed = start.elapsed();
        let dead = store.dead().await.map_err(|error| failed(&error))?;
        let mut is_changed = false;
        for message in dead.iter().filter(|message| message.dead_for() + CLOCK_ERROR >= elapsed) {
            if store.redrive(message.id()).await.map_err(|error| failed(&error))? {
                redriven.push(message.id());
                is_changed = true;
            }
        }
        if !is_changed {
            return Ok(redriven);
        }
    }
}
