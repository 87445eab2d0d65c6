//! The clients that are compared. Each sends single events, and events in bulks of 100.

mod by_hand;
mod hyper_by_hand;
mod library;
mod reqwest_json;

use std::error::Error;

use crate::order::Order;

type Sent = Result<(), Box<dyn Error + Send + Sync>>;

/// One way to send.
pub(crate) enum AnyClient {
    ByHand(by_hand::Client),
    HyperByHand(hyper_by_hand::Client),
    Library(library::Client),
    ReqwestJson(reqwest_json::Client),
}

impl AnyClient {
    /// The client of this name, for the server at `base`.
    pub(crate) fn new(name: &str, base: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(match name {
            "by-hand" => Self::ByHand(by_hand::Client::new(base)?),
            "hyper-by-hand" => Self::HyperByHand(hyper_by_hand::Client::new(base)?),
            "teleflow" => Self::Library(library::Client::new(base)?),
            "teleflow-hyper" => Self::Library(library::Client::over_hyper(base)?),
            "reqwest-json" => Self::ReqwestJson(reqwest_json::Client::new(base)),
            _ => return Err(format!("`{name}` is not a client").into()),
        })
    }

    pub(crate) async fn single(&self, order: &Order) -> Sent {
        match self {
            Self::ByHand(client) => client.single(order).await,
            Self::HyperByHand(client) => client.single(order).await,
            Self::Library(client) => client.single(order).await,
            Self::ReqwestJson(client) => client.single(order).await,
        }
    }

    pub(crate) async fn bulk(&self, orders: &[Order]) -> Sent {
        match self {
            Self::ByHand(client) => client.bulk(orders).await,
            Self::HyperByHand(_) => Err("it sends single events only".into()),
            Self::Library(client) => client.bulk(orders).await,
            Self::ReqwestJson(client) => client.bulk(orders).await,
        }
    }
}
