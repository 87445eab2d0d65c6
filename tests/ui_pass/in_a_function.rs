//! Generic parameters and locals of the function are in scope.

#![deny(warnings)]

use teleflow::TeleflowWorkflow;

fn notify<T>(_: T) {
    use serde::Serialize;

    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "{id}")]
    struct OrderShipped<'a> {
        id: &'a str,
        #[teleflow(to)]
        customer: &'a str,
    }

    sends(OrderShipped { id: "A-7", customer: "ada" });
}

fn sends(_: impl TeleflowWorkflow) {}

fn main() {
    notify(());
}
