//! What sending costs, compared with code written by hand.
//!
//! ```sh
//! cargo run --release -p teleflow-benches --bin send
//! ```
//!
//! All clients send the same events to one server on loopback, which checks and counts them. Each client runs in a process of
//! its own, on one core, and the server on another. A round runs every client once; every other round has the opposite
//! order; the medians of five rounds are shown. The first argument sets the number of rounds, the second divides the
//! number of events.
//!
//! The last line has ratios of events per second of processor time to those of the best client by hand over reqwest, and
//! differences in allocations for each event.

mod clients;
mod measure;
mod order;
mod report;
mod sink;

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use measure::Costs;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::unistd::Pid;

type BoxError = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 5;

/// A row of the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    kind: &'static str,
    in_flight: usize,
    events: usize,
    pub(crate) clients: &'static [&'static str],
}

const ALL: [&str; 3] = ["by-hand", "teleflow", "reqwest-json"];
const ROWS: [Row; 4] = [
    Row { name: "single, 1 in flight", kind: "single", in_flight: 1, events: 20_000, clients: &ALL },
    Row { name: "single, 16 in flight", kind: "single", in_flight: 16, events: 40_000, clients: &ALL },
    Row {
        name: "single, 64 in flight",
        kind: "single",
        in_flight: 64,
        events: 40_000,
        clients: &["by-hand", "teleflow", "reqwest-json", "hyper-by-hand"],
    },
    Row { name: "bulk of 100, 4 in flight", kind: "bulk", in_flight: 4, events: 400_000, clients: &ALL },
];

fn main() -> Result<(), BoxError> {
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a TLS provider is installed already")?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--sink"] => {
            pin(1)?;
            Ok(block_on(sink::serve()).map_err(|error| error.to_string())?)
        }
        ["--client", client, base, row, in_flight, events] => {
            pin(0)?;
            block_on(measure::run(client, base, row, in_flight.parse()?, events.parse()?))
        }
        [] => compare(ROUNDS, 1),
        [rounds] => compare(rounds.parse()?, 1),
        [rounds, divisor] => compare(rounds.parse()?, divisor.parse()?),
        _ => Err("usage: send [ROUNDS [DIVISOR]]".into()),
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts").block_on(future)
}

/// Keeps this process on one core, if the machine has several.
fn pin(core: usize) -> Result<(), BoxError> {
    if std::thread::available_parallelism()?.get() > core {
        let mut cores = CpuSet::new();
        cores.set(core)?;
        sched_setaffinity(Pid::from_raw(0), &cores)?;
    }
    Ok(())
}

/// The server, which is killed when the measurement ends.
struct Sink {
    process: Child,
    base: String,
}

impl Sink {
    fn start() -> Result<Self, BoxError> {
        let mut process = Command::new(env::current_exe()?).arg("--sink").stdout(Stdio::piped()).spawn()?;
        let mut base = String::new();
        BufReader::new(process.stdout.take().ok_or("the server has no output")?).read_line(&mut base)?;
        Ok(Self { process, base: base.trim().to_owned() })
    }

    /// The number of events since the last call.
    fn count(&self) -> Result<usize, BoxError> {
        let url = format!("{}/count", self.base);
        let count =
            block_on(async { reqwest::Client::builder().no_proxy().build()?.get(url).send().await?.text().await });
        Ok(count?.parse()?)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn compare(rounds: usize, divisor: usize) -> Result<(), BoxError> {
    let sink = Sink::start()?;
    let mut tables: Vec<report::Table> = ROWS.iter().map(report::Table::new).collect();
    for round in 0..rounds {
        for (row, table) in ROWS.iter().zip(&mut tables) {
            let mut clients: Vec<usize> = (0..row.clients.len()).collect();
            if round % 2 == 1 {
                clients.reverse();
            }
            for client in clients {
                table.add(client, run(&sink, row, row.clients[client], row.events / divisor)?);
            }
        }
    }
    report::print(&tables);
    Ok(())
}

/// Runs one client in a process of its own. Fails if the server counts other events than were sent.
fn run(sink: &Sink, row: &Row, client: &str, events: usize) -> Result<Costs, BoxError> {
    let (in_flight, number) = (row.in_flight.to_string(), events.to_string());
    let output = Command::new(env::current_exe()?)
        .args(["--client", client, &sink.base, row.kind, &in_flight, &number])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{client} failed at: {}", row.name).into());
    }
    let (counted, sent) = (sink.count()?, events + measure::events_of_warm_up(row.kind, row.in_flight));
    if counted != sent {
        return Err(format!("{client} sent {sent} events, and the server counted {counted}, at: {}", row.name).into());
    }
    String::from_utf8(output.stdout)?.trim().parse()
}
