//! The events, a fifth of them as singles and the others as bulks of 100, many at a time.

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

/// What the client said of an event.
pub struct Sent {
    pub number: usize,
    pub result: teleflow::Result<Receipt>,
}

/// How many requests are under way at once.
const AT_ONCE: usize = 64;
const IN_A_BULK: usize = 100;

/// Sends the events with the numbers below `events`; when half of them are on their way, `midway` begins.
pub async fn all(
    client: &Client,
    events: usize,
    midway: impl Future<Output = ()> + Send + 'static,
) -> Result<Vec<Sent>, Box<dyn Error>> {
    let singles = events / 5;
    let mut work: Vec<_> = (0..singles).map(|number| number..number + 1).collect();
    work.extend((singles..events).step_by(IN_A_BULK).map(|start| start..(start + IN_A_BULK).min(events)));

    let mut sent = Vec::with_capacity(events);
    let mut under_way = JoinSet::new();
    let (mut midway, half) = (Some(midway), work.len() / 2);
    for (turn, numbers) in interleaved(work).enumerate() {
        if turn >= half
            && let Some(midway) = midway.take()
        {
            tokio::spawn(midway);
        }
        let client = client.clone();
        under_way.spawn(async move {
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
        if turn >= AT_ONCE {
            sent.extend(under_way.join_next().await.ok_or("nothing under way")??);
        }
    }
    while let Some(done) = under_way.join_next().await {
        sent.extend(done?);
    }
    Ok(sent)
}

/// From both ends in turn, so that bulks and singles go side by side.
fn interleaved<T>(work: Vec<T>) -> impl Iterator<Item = T> {
    let mut work = std::collections::VecDeque::from(work);
    let mut turn = 0_u32;
    std::iter::from_fn(move || {
        turn += 1;
        if turn.is_multiple_of(25) { work.pop_back() } else { work.pop_front() }
    })
}
