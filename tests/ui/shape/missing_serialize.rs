//! One error, at the struct's name, however the type is used.

use teleflow::{Client, TeleflowWorkflow};

#[derive(TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    id: &'a str,
}

fn main() {}

fn uses(client: &Client) {
    let _ = OrderShipped { id: "A-7" }.to("ada").send(client);
    let _ = OrderShipped { id: "A-7" }.broadcast().send(client);
}
