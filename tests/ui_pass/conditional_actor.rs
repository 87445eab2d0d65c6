//! An event has the same type with and without an actor if the workflow does not require one.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{Client, Tenant, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {}

pub async fn notify(client: &Client, actor: Option<&str>, tenant: Option<Tenant>) -> teleflow::Result<()> {
    let mut event = OrderShipped {}.to("ada");
    if let Some(actor) = actor {
        event = event.actor(actor);
    }
    if let Some(tenant) = tenant {
        event = event.tenant(tenant);
    }
    event.send(client).await?;

    let mut broadcast = OrderShipped {}.broadcast();
    if let Some(actor) = actor {
        broadcast = broadcast.actor(actor);
    }
    broadcast.send(client).await?;
    Ok(())
}

pub async fn maybe(client: &Client, actor: Option<&str>, tenant: Option<Tenant>) -> teleflow::Result<()> {
    OrderShipped {}.to("ada").maybe_actor(actor).maybe_tenant(tenant).send(client).await?;
    Ok(())
}

fn main() {}
