//! Kills the relays of an outbox at random, and compares what was committed with what the server has.
//!
//! ```sh
//! cargo run --release -p teleflow-outbox-soak --bin outbox-soak                     # SQLite, one relay, 50 000 requests
//! cargo run -p teleflow-outbox-soak --bin outbox-soak -- --requests 1500 --seed 7   # a short run
//! scripts/with-postgres cargo run --release -p teleflow-outbox-soak --bin outbox-soak -- --database postgres   # four relays
//! ```
//!
//! The application executes one transaction for each request; a third is rolled back. The requests are single events of
//! several workflows, to subscribers and topics, bulks and broadcasts. A few of them are refused by the server, a few
//! messages are not requests, and a few have a version of the future.
//!
//! The server is an emulator that injects a fault into a tenth of all requests: it does not process them, or its response
//! does not arrive or is late. For a time its queue fails, and a workflow is inactive. Meanwhile the relays, which are
//! processes, are killed with SIGKILL at random and started again; some are frozen for longer than their leases, and some
//! are stopped. Messages that would wait for longer than a lease, for instance because their workflow is inactive, are shown
//! earlier. PostgreSQL is restarted once, as after a crash.
//!
//! When the queue is empty, the program compares:
//!
//! * committed: events whose order is in the database;
//! * delivered: events that the server queued;
//! * dead: events of dead messages that were not delivered;
//! * lost: committed, and neither delivered nor dead;
//! * phantom: delivered, and not committed;
//! * doubled_calls: events that the server queued more than once;
//! * doubled_for_subscribers: subscribers that the worker notified twice of the same event.
//!
//! The program exits with 1 if an event is lost, a phantom or doubled for a subscriber, if a message is dead that should not
//! be, if a message of the future is gone or changed, or if a relay fails.

mod disturb;
mod account;
mod worker;
mod enqueue;
mod relays;
mod faults;
mod relay_process;
mod database;
mod plan;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use account::{Account, Ending};
use database::{BoxError, Database};
use enqueue::Progress;
use faults::Faults;
use plan::{Content, End, Planned};
use relays::Relays;
use teleflow_emulator::{Emulator, RateLimit};
use tokio::task::{JoinHandle, block_in_place};
use worker::Processed;

const USAGE: &str = "usage: outbox-soak [--database sqlite|postgres] [--requests N] [--relays N] [--seed N]";

struct Arguments {
    database: String,
    requests: usize,
    relays: Option<usize>,
    seed: u64,
}

#[tokio::main(worker_threads = 8)]
async fn main() -> Result<ExitCode, BoxError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, database, url, folder] = &arguments[..]
        && command == "relay"
    {
        relay_process::run(&Database::named(database, folder.as_ref())?, url).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let arguments = parse(arguments.into_iter())?;
    let folder = tempfile::tempdir()?;
    let account = run(&arguments, folder.path()).await?;
    for failure in account.failures.iter().take(20) {
        println!("  wrong: {failure}");
    }
    let is_right = account.is_right();
    if !is_right {
        println!("  the logs of the relays are in {}", folder.keep().display());
    }
    println!("outbox: {account}");
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Arguments, BoxError> {
    let mut parsed =
        Arguments { database: "sqlite".to_owned(), requests: 50_000, relays: None, seed: fastrand::u64(..) };
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match argument.as_str() {
            "--database" => parsed.database = value,
            "--requests" => parsed.requests = value.parse()?,
            "--relays" => parsed.relays = Some(value.parse()?),
            "--seed" => parsed.seed = value.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok(parsed)
}

async fn run(arguments: &Arguments, folder: &Path) -> Result<Account, BoxError> {
    let database = Database::named(&arguments.database, folder)?;
    let relays = arguments.relays.unwrap_or_else(|| database.usual_relays()).max(1);
    let seed = arguments.seed;
    println!("{}, {} requests, {relays} relays, --seed {seed}", arguments.database, arguments.requests);
    let planned: Arc<[Planned]> = plan::plan(arguments.requests, seed)?.into();
    database.prepare().await?;

    let emulator = Emulator::new();
    plan::prepare(&emulator);
    emulator.idempotency(true).rate_limit(RateLimit::Off);
    let server = emulator.serve("127.0.0.1:0").await?;
    let faults = Faults::inject(&emulator, seed.wrapping_add(1));
    let mut relays = Relays::start(&database, &server.url(), folder.to_owned(), relays, seed.wrapping_add(2));

    let started = Instant::now();
    let progress = Arc::new(Progress::new(planned.len()));
    let application = tokio::spawn(enqueue::all(database.clone(), Arc::clone(&planned), Arc::clone(&progress)));
    let disturbing = tokio::spawn(disturb::server(emulator.clone(), seed.wrapping_add(3)));
    let mut drain = Drain {
        database: database.clone(),
        restart: None,
        limit: Duration::from_secs(120 + arguments.requests as u64 / 50),
        futures: futures(&planned),
        processed: Processed::default(),
    };
    let is_drained = drain.run(&mut relays, &emulator, &progress, &application).await?;
    application.await??;
    disturbing.abort();
    println!("drained after {:.1} s", started.elapsed().as_secs_f64());
    let Drain { mut processed, .. } = drain;

    // Late requests still arrive.
    tokio::time::sleep_until((faults.late_until() + Duration::from_secs(1)).into()).await;
    relays.stop().await?;
    processed.run_worker(&emulator);
    println!("{} requests had a fault; relays: {:?}", emulator.faults().injected(), relays.counts);

    let mut connection = database.connect().await?;
    let dead = relay_process::relay(&database, &server.url()).await?.dead().await?;
    let future = planned.iter().find_map(|planned| match planned.content {
        Content::Future(text) => Some(text),
        _ => None,
    });
    let ending = Ending {
        planned: &planned,
        outcomes: &progress.outcomes(),
        orders: &connection.committed().await?,
        dead: &dead,
        queued: connection.queued().await?,
        queued_future: connection.queued_with_json(future.unwrap_or_default()).await?,
        processed: &processed,
    };
    let mut account = account::account(&emulator, &ending);
    account.failures.append(&mut relays.failures);
    if !is_drained {
        account.failures.push(format!("the queue is not empty after {:?}", drain.limit));
    }
    Ok(account)
}

/// How many messages of the future are committed, and stay.
fn futures(planned: &[Planned]) -> u64 {
    let is_future = |planned: &&Planned| matches!(planned.content, Content::Future(_)) && planned.end == End::Commit;
    planned.iter().filter(is_future).count() as u64
}

/// The part of a run until the queue is empty.
struct Drain {
    database: Database,
    /// The restart of the database.
    restart: Option<JoinHandle<Result<(), BoxError>>>,
    limit: Duration,
    futures: u64,
    processed: Processed,
}

/// How often a run looks at the queue.
const LOOK: Duration = Duration::from_millis(500);
/// How long a relay may take to notice that the database is there again.
const NOTICE: Duration = Duration::from_secs(5);

impl Drain {
    /// Whether the queue is empty before the limit, apart from the messages of the future.
    async fn run(
        &mut self,
        relays: &mut Relays,
        emulator: &Emulator,
        progress: &Progress,
        application: &JoinHandle<Result<(), BoxError>>,
    ) -> Result<bool, BoxError> {
        let started = Instant::now();
        // In a task of its own: a relay that is frozen may have locked the database.
        let mut looking = tokio::spawn(look(self.database.clone()));
        let mut is_enqueued = false;
        while started.elapsed() < self.limit {
            if self.restart.is_none() && progress.is_halfway() {
                let database = self.database.clone();
                self.restart = Some(tokio::spawn(async move { database.restart().await }));
            }
            if self.restart.as_ref().is_some_and(|restart| !restart.is_finished()) {
                relays.may_exit_until = Some(Instant::now() + NOTICE);
            }
            relays.tick()?;
            tokio::time::sleep(Duration::from_millis(50)).await;
            if !looking.is_finished() {
                continue;
            }
            match looking.await? {
                Ok(queued) if is_enqueued && queued <= self.futures => {
                    self.restart.take().ok_or("the database was not restarted")?.await??;
                    return Ok(true);
                }
                Err(error) if relays.may_exit_until.is_none_or(|until| until < Instant::now()) => return Err(error),
                _ => {}
            }
            block_in_place(|| self.processed.run_worker(emulator));
            is_enqueued = application.is_finished();
            looking = tokio::spawn(look(self.database.clone()));
        }
        Ok(false)
    }
}

/// After a moment, shows messages that would wait for long, and returns how many there are.
async fn look(database: Database) -> Result<u64, BoxError> {
    tokio::time::sleep(LOOK).await;
    let mut connection = database.connect().await?;
    connection.show_if_hidden_for(relay_process::LEASE + Duration::from_secs(1)).await?;
    connection.queued().await
}
