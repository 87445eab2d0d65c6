//! One measurement: a client sends its events, in a process of its own.

use std::alloc::System;
use std::error::Error;
use std::fs;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use crate::clients::AnyClient;
use crate::order::{Order, orders};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

type BoxError = Box<dyn Error + Send + Sync>;

/// The events of one bulk.
pub(crate) const BULK: usize = 100;

/// The costs of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) events_per_second: f64,
    /// Processor time, user and system, in microseconds.
    pub(crate) cpu_per_event: f64,
    pub(crate) allocations_per_event: f64,
    /// The highest resident size of the process.
    pub(crate) peak_kib: f64,
}

/// Sends `events` events and prints the costs.
pub(crate) async fn run(client: &str, base: &str, row: &str, in_flight: usize, events: usize) -> Result<(), BoxError> {
    let client = Arc::new(AnyClient::new(client, base)?);
    let orders: Arc<[Order]> = orders().into();
    // Opens the connections, and lets everything that is built once be built.
    send(&client, &orders, row, in_flight, events_of_warm_up(row, in_flight)).await?;
    let region = Region::new(ALLOCATOR);
    let (started, cpu) = (Instant::now(), cpu_time()?);
    send(&client, &orders, row, in_flight, events).await?;
    let (time, cpu) = (started.elapsed(), cpu_time()? - cpu);
    let changed = region.change();
    let number = events as f64;
    let costs = Costs {
        events_per_second: number / time.as_secs_f64(),
        cpu_per_event: cpu * 1e6 / number,
        allocations_per_event: (changed.allocations + changed.reallocations) as f64 / number,
        peak_kib: peak_kib()?,
    };
    println!("{costs}");
    Ok(())
}

/// The number of events that are sent before the measurement.
pub(crate) fn events_of_warm_up(row: &str, in_flight: usize) -> usize {
    in_flight * 20 * if row == "single" { 1 } else { BULK }
}

/// Sends the events with a number of tasks that each send one request after the other, or with `fan_out`.
async fn send(
    client: &Arc<AnyClient>,
    orders: &Arc<[Order]>,
    row: &str,
    in_flight: usize,
    events: usize,
) -> Result<(), BoxError> {
    if let ("fan_out", AnyClient::Library(client)) = (row, &**client) {
        return client.fan_out(orders, in_flight, events).await;
    }
    let is_bulk = row != "single";
    let requests = if is_bulk { events / BULK } else { events };
    let next = Arc::new(AtomicUsize::new(0));
    let tasks = (0..in_flight).map(|_| {
        let (client, orders, next) = (client.clone(), orders.clone(), next.clone());
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= requests {
                    return Ok::<_, BoxError>(());
                }
                if is_bulk {
                    let start = number * BULK % orders.len();
                    client.bulk(&orders[start..start + BULK]).await?;
                } else {
                    client.single(&orders[number % orders.len()]).await?;
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}

/// The processor time of all threads of this process, in seconds.
fn cpu_time() -> Result<f64, BoxError> {
    let mut nanoseconds = 0_u64;
    for thread in fs::read_dir("/proc/self/task")? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += text.split_whitespace().next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(nanoseconds as f64 / 1e9)
}

fn peak_kib() -> Result<f64, BoxError> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the kernel reports no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

impl std::fmt::Display for Costs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { events_per_second, cpu_per_event, allocations_per_event, peak_kib } = self;
        write!(f, "{events_per_second} {cpu_per_event} {allocations_per_event} {peak_kib}")
    }
}

impl FromStr for Costs {
    type Err = BoxError;

    fn from_str(line: &str) -> Result<Self, BoxError> {
        let numbers: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [events_per_second, cpu_per_event, allocations_per_event, peak_kib] = numbers[..] else {
            return Err(format!("`{line}` is not a line of costs").into());
        };
        Ok(Self { events_per_second, cpu_per_event, allocations_per_event, peak_kib })
    }
}
