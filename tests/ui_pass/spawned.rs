//! A future owns its request: the payload may borrow, and need not be `Send`.

#![deny(warnings)]

use std::rc::Rc;

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    id: &'a str,
    #[serde(skip)]
    carrier: Rc<str>,
    #[teleflow(to)]
    customer: &'a str,
}

pub fn spawn(client: &Client) -> [tokio::task::JoinHandle<teleflow::Result<teleflow::Receipt>>; 2] {
    let id = String::from("A-7");
    let shipped = OrderShipped { id: &id, carrier: Rc::from("UPS"), customer: &id };
    let _ = &shipped.carrier;
    [tokio::spawn(shipped.to(&id).send(client)), tokio::spawn((&OrderShipped { id: &id, carrier: Rc::from("UPS"), customer: &id }).send(client))]
}

pub async fn across_an_await(client: Client) -> teleflow::Result<()> {
    let sending = {
        let id = String::from("A-7");
        OrderShipped { id: &id, carrier: Rc::from("UPS"), customer: "ada" }.broadcast().send(&client)
    };
    tokio::spawn(sending).await.expect("it does not panic")?;
    Ok(())
}

fn main() {}
