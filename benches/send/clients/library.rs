//! This library.

use std::error::Error;

use teleflow::{Bulk, TeleflowWorkflow};

use super::Sent;
use crate::order::{API_KEY, Order, SUBSCRIBER};

pub(crate) struct Client(teleflow::Client);

impl Client {
    pub(super) fn new(base: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self(teleflow::Client::builder().api_key(API_KEY).base_url(base).build()?))
    }

    pub(super) async fn single(&self, order: &Order) -> Sent {
        order.to(SUBSCRIBER).send(&self.0).await?;
        Ok(())
    }

    pub(super) async fn bulk(&self, orders: &[Order]) -> Sent {
        let bulk: Bulk = orders.iter().map(|order| order.to(SUBSCRIBER)).collect();
        bulk.send(&self.0).await.into_result()?;
        Ok(())
    }

    /// Sends this number of events in one stream, with this number of bulks in flight.
    pub(crate) async fn fan_out(&self, orders: &[Order], in_flight: usize, events: usize) -> Sent {
        let events = orders.iter().cycle().take(events).map(|order| order.to(SUBSCRIBER));
        let mut out = self.0.fan_out(events).concurrency(in_flight);
        while let Some((_, result)) = out.next().await {
            result?;
        }
        Ok(())
    }
}
