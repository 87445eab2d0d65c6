//! A generic type is asked where it is used.

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
