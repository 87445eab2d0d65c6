//! Several errors, each reported once; the type still implements `TeleflowWorkflow`.

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = " order-shipped", transaction_id = "order-{oder_id}", catalogue = "dir")]
struct OrderShipped {
    order_id: u64,
    #[serde(rename = "order_id")]
    number: u64,
    #[teleflow(to)]
    customer: String,
    #[teleflow(to)]
    merchant: String,
    email: String,
    constructor: String,
    #[teleflow(address)]
    carrier: Money,
}

struct Money;

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

fn sends<W: TeleflowWorkflow>(client: &Client, event: W) {
    let _ = event.to("ada").send(client);
}

fn main() {}

fn uses(client: &Client, shipped: OrderShipped, again: OrderShipped) {
    sends(client, shipped);
    let _ = again.send(client);
}
