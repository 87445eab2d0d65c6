//! Many events through bad weather, and an account of every one of them.
//!
//! ```sh
//! cargo run --release -p teleflow-tests --bin soak                            # 100 000 events
//! cargo run -p teleflow-tests --bin soak -- --events 3000 --seed 7            # a short one
//! ```
//!
//! Each event carries its number in the payload and goes over HTTP to an emulator that misbehaves: a tenth of
//! all requests, at random from a seed. A fifth of the events go as singles, the others as bulks of 100. They are
//! judged by their number, not by their transaction id, which is what is being tested:
//!
//! * lost: the client said `Ok`, and it is not in the queue, or not under the id that the receipt names;
//! * doubled: one number reached a subscriber twice once the worker had run;
//! * phantom: it is in the queue though the error said `Fate::NotQueued`, or that it was never sent.
//!
//! The first pass meets everything that can go wrong, the second only what a retry repairs, at most two in a row. In
//! both the responses to bulks are lost for a moment in the middle and then the plan shrinks, so that bulks of which
//! nothing is known are given up and their events are sent alone. In the third pass nobody
//! listens for two seconds, and the client has its default policy. In the second and the third no send fails. The
//! program ends with 1 if one of these numbers is not 0.

mod faults;
mod judge;
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

    let anything = RandomFaults::new(seed).probability(0.1).faults(faults::all());
    let repairable = RandomFaults::new(seed + 1).probability(0.1).max_consecutive(2).faults(faults::repairable());
    let nothing = RandomFaults::new(seed).probability(0.0);
    let all = pass(events, patient(), anything, Midway::PlanShrinks).await?;
    // Side by side, since most of the time is spent on waits.
    let (repaired, away) = tokio::try_join!(
        pass(events, patient(), repairable, Midway::PlanShrinks),
        pass(events, Client::builder(), nothing, Midway::ListenerAway),
    )?;
    let [all, repaired, away] = [all, repaired, away].map(|(emulator, sent)| judge::account(&emulator, &sent));

    println!("repairable: {repaired}");
    println!("away: {away}");
    println!("soak: {all}");
    let is_good = [all, repaired, away].iter().all(|account| account.is_truthful(events));
    Ok(if is_good && repaired.err + away.err == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

/// A client with a short timeout, and with short waits, since there are many.
///
/// It has more attempts than by default: a listener that refuses connections for a moment interrupts requests that
/// chance has not chosen, which do not count as in a row.
fn patient() -> ClientBuilder {
    let policy = RetryPolicy::default().max_attempts(12);
    let policy = policy.backoff(Duration::from_millis(20), Duration::from_millis(500));
    Client::builder().timeout(faults::TIMEOUT).deadline(Duration::from_secs(30)).retry(policy)
}

/// Sends `events` events through this weather, with something that happens midway.
async fn pass(
    events: usize,
    client: ClientBuilder,
    weather: RandomFaults,
    midway: Midway,
) -> Result<(Emulator, Vec<Sent>), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new(send::TRIGGER)).idempotency(true).rate_limit(RateLimit::Off);
    let server = emulator.serve("127.0.0.1:0").await?;
    let client = client.api_key("test-key").base_url(server.url()).build()?;

    emulator.faults().random(weather);
    let started = Instant::now();
    let sent = send::all(&client, events, midway.happen(emulator.clone())).await?;
    let took = started.elapsed();
    emulator.faults().clear();
    // What was delayed on its way arrives late.
    tokio::time::sleep(faults::TIMEOUT * 3).await;

    println!("sent in {:.1} s, {} requests met a fault", took.as_secs_f64(), emulator.faults().injected());
    Ok((emulator, sent))
}
