//! `cargo teleflow outbox status`: prints the state of the queue.

use serde_json::json;
use teleflow_outbox::{Metrics, Store};

use super::age::age;
use super::failed;
use crate::args::outbox::{Format, Status};
use crate::failure::Failure;
use crate::output::print;

pub(crate) async fn run(args: &Status, store: &Store) -> Result<(), Failure> {
    let metrics = store.metrics().await.map_err(|error| failed(&error))?;
    let queue = args.queue.queue.as_str();
    print(&match args.queue.format {
        Format::Human => human(queue, &metrics),
        Format::Json => json(queue, &metrics),
    })
}

fn human(queue: &str, metrics: &Metrics) -> String {
    let Metrics { queued, due, dead, oldest_age, .. } = metrics;
    let oldest = oldest_age.map_or_else(|| String::from("-"), age);
    format!("queue   {queue}\nqueued  {queued}\ndue     {due}\noldest  {oldest}\ndead    {dead}\n")
}

fn json(queue: &str, metrics: &Metrics) -> String {
    let object = json!({
        "queue": queue,
        "queued": metrics.queued,
        "due": metrics.due,
        "oldest_age_seconds": metrics.oldest_age.map(|age| age.as_secs()),
        "dead": metrics.dead,
    });
    format!("{object}\n")
}
