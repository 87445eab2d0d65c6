//! The bounds of a generic type are checked where it is used.

use teleflow::{Client, TeleflowWorkflow};

#[derive(TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<T> {
    id: T,
}

fn main() {}

fn uses(client: &Client) {
    let _ = OrderShipped { id: 7 }.to("ada").send(client);
}
