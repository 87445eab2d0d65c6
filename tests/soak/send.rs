//! Sends the events: a fifth of them alone, the others with `fan_out`, with many requests at the same time.

use std::error::Error;

use serde::Serialize;
use teleflow::{Client, Receipt, TeleflowWorkflow};
use tokio::task::JoinSet;

pub const TRIGGER: &str = "numbered";

#[derive(Clone, Copy, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "numbered")]
struct Numbered {
    number: usize,
}

impl Numbered {
    fn recipient(&self) -> String {
        format!("subscriber-{}", self.number % 1000)
    }
}

/// An event, and the result of the client.
pub struct Sent {
    pub number: usize,
    pub result: teleflow::Result<Receipt>,
}

/// The number of concurrent requests of one event.
const CONCURRENT_SINGLES: usize = 60;
/// The number of concurrent bulks. With this ratio, singles and bulks take about the same time.
const CONCURRENT_BULKS: usize = 4;

/// Sends the events with the numbers below `events`. Starts `midway` after half of them.
pub async fn all(
    client: &Client,
    events: usize,
    midway: impl Future<Output = ()> + Send + 'static,
) -> Result<Vec<Sent>, Box<dyn Error>> {
    let singles = events / 5;
    let mut numbers = 0..singles;
    let mut alone = JoinSet::new();
    let of_bulks = (singles..events).map(|number| Numbered { number }).map(|event| event.to(event.recipient()));
    let mut bulks = client.fan_out(of_bulks).concurrency(CONCURRENT_BULKS);

    let mut sent = Vec::with_capacity(events);
    let mut midway = Some(midway);
    loop {
        for number in numbers.by_ref().take(CONCURRENT_SINGLES - alone.len()) {
            let (client, event) = (client.clone(), Numbered { number });
            alone.spawn(async move { Sent { number, result: event.to(event.recipient()).send(&client).await } });
        }
        tokio::select! {
            Some(single) = alone.join_next() => sent.push(single?),
            Some((position, result)) = bulks.next() => sent.push(Sent { number: singles + position, result }),
            else => break,
        }
        if sent.len() >= events / 2
            && let Some(midway) = midway.take()
        {
            tokio::spawn(midway);
        }
    }
    let progress = bulks.progress();
    assert_eq!((progress.taken(), progress.pending()), (events - singles, 0), "the counters of the fan-out");
    Ok(sent)
}
