//! What the client makes of a response: whose it is, and what it says, in any form a server or a proxy gives it.

mod bulk_results;
mod refused_items;
mod transaction_ids;
mod unusual;

use serde_json::Value;
use teleflow::{Event, Result, Untyped};

use crate::support::Server;

fn event(id: &str) -> Event<Untyped<Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({})).to("ada").transaction_id(id)
}

/// What the client makes of a 201 with this body, for an event with the transaction id `t-1`.
async fn received(body: &str) -> Result<teleflow::Receipt> {
    event("t-1").send(&Server::status(201, "", body).client()).await
}
