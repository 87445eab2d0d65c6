//! The processes that send: `fan_out`, and relays.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use teleflow::{Client, TeleflowWorkflow};
use teleflow_emulator::Emulator;
use teleflow_outbox::Relay;

use crate::BoxError;
use crate::database::Database;
use crate::order::{API_KEY, Order, SUBSCRIBER};

/// The bulks of `fan_out` that are in flight.
const FAN_OUT_CONCURRENCY: usize = 4;
/// The requests of a relay that are in flight.
const RELAY_CONCURRENCY: usize = 32;

fn client(url: &str) -> Result<Client, BoxError> {
    Ok(Client::builder().api_key(API_KEY).base_url(url).build()?)
}

/// Says that this process is ready, and waits until it may start.
fn wait_for_start() -> Result<(), BoxError> {
    println!("ready");
    std::io::stdout().flush()?;
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

pub async fn fan_out(url: &str, events: usize) -> Result<(), BoxError> {
    let client = client(url)?;
    let orders: Vec<Order> = (0..events).map(Order::new).collect();
    wait_for_start()?;
    let mut out = client.fan_out(orders.iter().map(|order| order.to(SUBSCRIBER))).concurrency(FAN_OUT_CONCURRENCY);
    while let Some((_, result)) = out.next().await {
        result?;
    }
    Ok(())
}

/// Sends until the queue is empty.
pub async fn relay(database: &Database, url: &str) -> Result<(), BoxError> {
    let relay = Relay::builder(client(url)?, database.store().await?).concurrency(RELAY_CONCURRENCY).build()?;
    wait_for_start()?;
    Ok(relay.once().await?)
}

/// A process that is ready to send.
pub struct Sender {
    process: Child,
    start: ChildStdin,
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub fn start_fan_out(url: &str, events: usize) -> Result<Sender, BoxError> {
    start(&["--fan-out", url, &events.to_string()])
}

pub fn start_relay(database: &Database, folder: &str, url: &str) -> Result<Sender, BoxError> {
    start(&["--relay", database.name(), folder, url])
}

fn start(arguments: &[&str]) -> Result<Sender, BoxError> {
    let mut process =
        Command::new(env::current_exe()?).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (start, output) = (process.stdin.take(), process.stdout.take());
    let (Some(start), Some(output)) = (start, output) else {
        return Err("the process has no pipes".into());
    };
    let sender = Sender { process, start };
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    if line != "ready\n" {
        return Err("a sender failed to start".into());
    }
    Ok(sender)
}

/// Runs this number of senders. Returns events per second. Fails if the server does not have each event once.
pub async fn run(
    emulator: &Emulator,
    events: usize,
    start: impl Fn() -> Result<Sender, BoxError>,
    number: usize,
) -> Result<f64, BoxError> {
    emulator.reset();
    let mut senders: Vec<Sender> = (0..number).map(|_| start()).collect::<Result<_, _>>()?;
    let started = Instant::now();
    for sender in &mut senders {
        sender.start.write_all(b"go\n")?;
    }
    for sender in &mut senders {
        let status = loop {
            if let Some(status) = sender.process.try_wait()? {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        if !status.success() {
            return Err("a sender failed".into());
        }
    }
    let took = started.elapsed();
    let queued = emulator.jobs().len();
    if queued != events {
        return Err(format!("{events} events were to be sent, and the server has {queued}").into());
    }
    Ok(events as f64 / took.as_secs_f64())
}
