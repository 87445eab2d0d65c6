//! Structs whose parts come from a `macro_rules!`, and from its caller.

#![deny(warnings)]

use serde::Serialize;
use teleflow::{Client, TeleflowWorkflow};

macro_rules! event {
    ($name:ident<$life:lifetime> on $trigger:literal as $id:literal { $customer:ident: $ty:ty, $($field:ident: $other:ty),* }) => {
        #[derive(Serialize, TeleflowWorkflow)]
        #[teleflow(trigger = $trigger, transaction_id = $id)]
        struct $name<$life> {
            #[teleflow(to)]
            $customer: $ty,
            out: u8,
            #[teleflow(actor)]
            merchant: &$life str,
            $($field: $other),*
        }
    };
}

event! { OrderShipped<'a> on "order-shipped" as "order-{id}-{out}" { customer: Vec<String>, id: &'a str, carrier: Option<u8> } }

macro_rules! all_of_it {
    () => {
        #[derive(Serialize, TeleflowWorkflow)]
        #[teleflow(trigger = "digest", transaction_id = "{number}")]
        struct Digest<T> {
            number: T,
            #[teleflow(to)]
            reader: String,
        }
    };
}

all_of_it! {}

fn main() {}

pub fn uses(client: &Client) {
    let _ = OrderShipped { customer: vec![], out: 0, merchant: "hats", id: "A-7", carrier: None }.send(client);
    let _ = Digest { number: 7, reader: "ada".to_owned() }.send(client);
}
