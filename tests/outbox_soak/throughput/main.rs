//! The throughput of the outbox, compared with sending without one, and the cost of storing a request.
//!
//! ```sh
//! cargo build --release -p teleflow-outbox-soak
//! scripts/with-postgres target/release/outbox-throughput
//! ```
//!
//! Each sender is a process of its own, or four of them, and sends the same single events to an emulator that this process
//! serves. `fan_out` has the events in memory; relays have them in the queue of a database. A round runs every row once;
//! every other round has the opposite order; the medians of the rounds are shown. The first argument sets the number of
//! rounds, the second the number of events.
//!
//! The last line has ratios. Relays: events per second, to those of `fan_out`. Storing: the time of a transaction with an
//! order and a request, to that of one with an order and a plain `insert` of the same bytes; with one request for each
//! transaction, and with a hundred.

mod enqueue;
mod senders;
mod database;
mod order;

use std::env;
use std::error::Error;

use database::Database;
use teleflow_emulator::{Emulator, RateLimit, Workflow};

type BoxError = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 5;
const EVENTS: usize = 5_000;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    FanOut,
    /// A database, and the number of relays.
    Relays(&'static str, usize),
    /// A database, and the number of requests that each transaction stores.
    Put(&'static str, usize),
}

const ROWS: [Row; 8] = [
    Row::FanOut,
    Row::Relays("sqlite", 1),
    Row::Relays("postgres", 1),
    Row::Relays("postgres", 4),
    Row::Put("sqlite", 1),
    Row::Put("sqlite", 100),
    Row::Put("postgres", 1),
    Row::Put("postgres", 100),
];
/// With a transaction for each request, most of the time is that of the disk.
const TRANSACTIONS: usize = 500;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), BoxError> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--fan-out", url, events] => senders::fan_out(url, events.parse()?).await,
        ["--relay", name, folder, url] => senders::relay(&Database::named(name, folder.as_ref())?, url).await,
        [] => measure(ROUNDS, EVENTS).await,
        [rounds] => measure(rounds.parse()?, EVENTS).await,
        [rounds, events] => measure(rounds.parse()?, events.parse()?).await,
        _ => Err("usage: outbox-throughput [ROUNDS [EVENTS]]".into()),
    }
}

async fn measure(rounds: usize, events: usize) -> Result<(), BoxError> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new(order::TRIGGER)).rate_limit(RateLimit::Off);
    let server = emulator.serve("127.0.0.1:0").await?;
    let mut results: Vec<Vec<f64>> = vec![Vec::new(); ROWS.len()];
    for round in 0..rounds {
        let mut rows: Vec<usize> = (0..ROWS.len()).collect();
        if round % 2 == 1 {
            rows.reverse();
        }
        for row in rows {
            results[row].push(run(ROWS[row], &emulator, &server.url(), events).await?);
        }
    }
    report(&results);
    Ok(())
}

/// Events per second, or for [`Row::Put`] the cost of the outbox.
async fn run(row: Row, emulator: &Emulator, url: &str, events: usize) -> Result<f64, BoxError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_string_lossy();
    match row {
        Row::FanOut => senders::run(emulator, events, || senders::start_fan_out(url, events), 1).await,
        Row::Relays(name, relays) => {
            let database = Database::named(name, folder.path())?;
            enqueue::fill(&database, events).await?;
            senders::run(emulator, events, || senders::start_relay(&database, &path, url), relays).await
        }
        Row::Put(name, size) => {
            let events = events.min(size * TRANSACTIONS);
            Ok(enqueue::compare(&Database::named(name, folder.path())?, events, size).await?.ratio())
        }
    }
}

fn report(results: &[Vec<f64>]) {
    let of = |row: Row| ROWS.iter().position(|other| *other == row).map_or(f64::NAN, |index| median(&results[index]));
    println!("| sender | events/s |");
    println!("| --- | --- |");
    for row in ROWS.into_iter().filter(|row| !matches!(row, Row::Put(..))) {
        println!("| {row:?} | {:.0} |", of(row));
    }
    let relays = |name, number| of(Row::Relays(name, number)) / of(Row::FanOut);
    println!(
        "throughput: sqlite_1={:.2} postgres_1={:.2} postgres_4={:.2} put_sqlite={:.2} put_sqlite_100={:.2} \
         put_postgres={:.2} put_postgres_100={:.2}",
        relays("sqlite", 1),
        relays("postgres", 1),
        relays("postgres", 4),
        of(Row::Put("sqlite", 1)),
        of(Row::Put("sqlite", 100)),
        of(Row::Put("postgres", 1)),
        of(Row::Put("postgres", 100)),
    );
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
