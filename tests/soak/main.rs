//! Sends many events through an emulator that injects faults, and checks the result of every event.
//!
//! ```sh
//! cargo run --release -p teleflow-tests --bin soak                            # 100 000 events
//! cargo run -p teleflow-tests --bin soak -- --events 3000 --seed 7            # a short run
//! ```
//!
//! Each event has its number in the payload and is sent over HTTP. A tenth of all requests have a random fault. A fifth
//! of the events are sent alone, the others in bulks of 100 with `fan_out`. Events are identified by their number, because the
//! transaction id is under test:
//!
//! * lost: the client returned `Ok`, but the event is not in the queue under the transaction id of the receipt;
//! * doubled: the worker notified a subscriber twice of the same number;
//! * phantom: the event is in the queue, but the error has `Fate::NotQueued` or no attempts.
//!
//! There are three passes:
//!
//! 1. Faults of all kinds. Halfway, the responses to bulks are lost for a moment, and then the server's rate policy
//!    becomes too small for a bulk, so the client sends the events of these bulks alone.
//! 2. The same with faults that a retry repairs, at most two in a row. Every send must succeed.
//! 3. The server refuses connections for two seconds; the client has its default policy. Every send must succeed.
//!
//! The program exits with 1 if an event is lost, doubled or a phantom, or if a send of pass 2 or 3 fails.

mod account;
mod faults;

mod send;

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use faults::Midway;
use send::Sent;
use teleflow::{Client, ClientBuilder, RetryPolicy};
use teleflow_emulator::{Emulator, RandomFaults, RateLimit, Workflow};

const USAGE: &str = "usage: soak [--events N] [--seed N]";

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (events, seed) = arguments(std::env::args().skip(1))?;
    println!("{events} events, seed {seed}");

    let all_faults = RandomFaults::new(seed).probability(0.1).faults(faults::all());
    let repairable = RandomFaults::new(seed + 1).probability(0.1).max_consecutive(2).faults(faults::repairable());
    let no_faults = RandomFaults::new(seed).probability(0.0);
    let all = pass(events, patient_client(), all_faults, Midway::RateLimitDrops).await?;
    // In parallel, since most of the time is spent waiting.
    let (repaired, away) = tokio::try_join!(
        pass(events, patient_client(), repairable, Midway::RateLimitDrops),
        pass(events, Client::builder(), no_faults, Midway::ConnectionsRefused),
    )?;
    let [all, repaired, away] = [all, repaired, away].map(|(emulator, sent)| account::account(&emulator, &sent));

    println!("repairable: {repaired}");
    println!("away: {away}");
    println!("soak: {all}");
    let is_truthful = [all, repaired, away].iter().all(|account| account.is_truthful(events));
    Ok(if is_truthful && repaired.err + away.err == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<(usize, u64), Box<dyn Error>> {
    let (mut events, mut seed) = (100_000, 1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match argument.as_str() {
            "--events" => events = value.parse()?,
            "--seed" => seed = value.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok((events, seed))
}

/// A client with a short timeout and short waits, since there are many.
///
/// It has more attempts than the default. A refusal of connections interrupts requests that were not chosen to have a
/// fault, and the maximum of consecutive faults does not count those.
fn patient_client() -> ClientBuilder {
    let policy = RetryPolicy::default().max_attempts(12);
    let policy = policy.backoff(Duration::from_millis(20), Duration::from_millis(500));
    Client::builder().timeout(faults::TIMEOUT).deadline(Duration::from_secs(30)).retry(policy)
}

/// Sends `events` events with these random faults, and another disturbance halfway.
async fn pass(
    events: usize,
    client: ClientBuilder,
    random: RandomFaults,
    midway: Midway,
) -> Result<(Emulator, Vec<Sent>), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new(send::TRIGGER)).idempotency(true).rate_limit(RateLimit::Off);
    let server = emulator.serve("127.0.0.1:0").await?;
    let client = client.api_key("test-key").base_url(server.url()).build()?;

    emulator.faults().random(random);
    let started = Instant::now();
    let sent = send::all(&client, events, midway.disturb(emulator.clone())).await?;
    let took = started.elapsed();
    emulator.faults().clear();
    // Delayed requests arrive late.
    tokio::time::sleep(faults::TIMEOUT * 3).await;

    println!("sent in {:.1} s, {} requests had a fault", took.as_secs_f64(), emulator.faults().injected());
    Ok((emulator, sent))
}
