//! How the client reads a response, in every format that servers and proxies use, and for which event it counts.

mod bodies;
mod bulk_results;
mod refused_events;
mod transaction_ids;
mod unusual_bodies;

use serde_json::Value;
use teleflow::{Error, Event, Result, Untyped};

use crate::support::Server;

fn event(id: &str) -> Event<Untyped<Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({})).to("ada").transaction_id(id)
}

/// Sends the event `t-1` to a server that responds 201 with this body.
async fn received(body: &str) -> Result<teleflow::Receipt> {
    event("t-1").send(&Server::status(201, "", body).client()).await
}

/// Sends the event `t-1` to a server that does not queue it.
async fn error_of(server: &Server) -> Error {
    event("t-1").send(&server.client()).await.unwrap_err()
}
