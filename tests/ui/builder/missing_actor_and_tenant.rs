//! A workflow that requires both: the compiler reports the missing one, and nothing else.

use teleflow::derive::WorkflowPayload;
use teleflow::{Client, Needed, TeleflowWorkflow};

#[derive(serde::Serialize)]
struct OrderShipped {}

impl WorkflowPayload for OrderShipped {
    const TRIGGER: &'static str = "order-shipped";
    type Body = Self;
}

impl TeleflowWorkflow<Needed, Needed> for OrderShipped {}

fn main() {}

fn neither(client: &Client) {
    let _ = OrderShipped {}.to("ada").send(client);
}

fn no_tenant(client: &Client) {
    let _ = OrderShipped {}.to("ada").actor("bob").send(client);
}

fn no_actor(client: &Client) {
    let _ = OrderShipped {}.broadcast().tenant("hats").send(client);
}

fn both(client: &Client) {
    let _ = OrderShipped {}.to("ada").actor("bob").tenant("hats").send(client);
}
