//! Sends the events: a fifth of them alone, the others in bulks of 100, with many requests at the same time.

use std::error::Error;

use serde::Serialize;
use teleflow::{Bulk, Client, Receipt, TeleflowWorkflow};
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

/// The number of concurrent requests.
const CONCURRENT_REQUESTS: usize = 64;
const BULK_SIZE: usize = 100;

/// Sends the events with the numbers below `events`. Starts `midway` after half of them.
pub async fn all(
    client: &Client,
    events: usize,
    midway: impl Future<Output = ()> + Send + 'static,
) -> Result<Vec<Sent>, Box<dyn Error>> {
    let singles = events / 5;
    let mut work: Vec<_> = (0..singles).map(|number| number..number + 1).collect();
    work.extend((singles..events).step_by(BULK_SIZE).map(|start| start..(start + BULK_SIZE).min(events)));

    let mut sent = Vec::with_capacity(events);
    let mut requests = JoinSet::new();
    let (mut midway, half) = (Some(midway), work.len() / 2);
    for (position, numbers) in interleaved(work).enumerate() {
        if position >= half
            && let Some(midway) = midway.take()
        {
            tokio::spawn(midway);
        }
        let client = client.clone();
        requests.spawn(async move {
            let results = if numbers.end <= singles {
                let event = Numbered { number: numbers.start };
                vec![event.to(event.recipient()).send(&client).await]
            } else {
                let numbered = numbers.clone().map(|number| Numbered { number });
                let bulk: Bulk = numbered.map(|event| event.to(event.recipient())).collect();
                bulk.send(&client).await.into_iter().collect()
            };
            numbers.zip(results).map(|(number, result)| Sent { number, result }).collect::<Vec<_>>()
        });
        if position >= CONCURRENT_REQUESTS {
            sent.extend(requests.join_next().await.ok_or("there is no request")??);
        }
    }
    while let Some(done) = requests.join_next().await {
        sent.extend(done?);
    }
    Ok(sent)
}

/// Takes one of 25 items from the end, so that bulks and single events are mixed.
fn interleaved<T>(work: Vec<T>) -> impl Iterator<Item = T> {
    let mut work = std::collections::VecDeque::from(work);
    let mut taken = 0_u32;
    std::iter::from_fn(move || {
        taken += 1;
        if taken.is_multiple_of(25) { work.pop_back() } else { work.pop_front() }
    })
}
