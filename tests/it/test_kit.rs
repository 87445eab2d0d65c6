//! The emulator's test kit, as a test uses it, and the texts of its failures.

mod caller;
mod catalog;
mod check_on_drop;
mod forget_after;
mod messages;
mod sent;
mod server_rules;
mod transcript;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use teleflow::TeleflowWorkflow;
use teleflow_emulator::Emulator;

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped<'a> {
    order_id: &'a str,
    carrier: &'a str,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice", transaction_id = "invoice-{number}")]
struct Invoice {
    number: u32,
    #[teleflow(to)]
    customer: &'static str,
}

const BY_UPS: OrderShipped<'static> = OrderShipped { order_id: "A-7", carrier: "UPS" };
const BY_DHL: OrderShipped<'static> = OrderShipped { order_id: "A-7", carrier: "DHL" };

fn emulator() -> Emulator {
    Emulator::new().accept_unknown_workflows()
}

/// The text with which an assertion fails.
fn failure<T>(assertion: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(assertion()))) else { panic!("the assertion did not fail") };
    *panic.downcast::<String>().expect("a text")
}
