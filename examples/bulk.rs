//! Sends many events in bulk requests, and handles the events that fail.
//!
//! ```sh
//! cargo run --example bulk
//! ```

use std::error::Error;

use serde::Serialize;
use teleflow::{Bulk, Client, Failure, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Kind, Workflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice", transaction_id = "invoice-{number}")]
struct Invoice {
    number: u32,
    /// `None` is sent as `null`, which the workflow rejects.
    amount: Option<String>,
    #[teleflow(to)]
    #[serde(skip)]
    customer: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("invoice").required("amount", Kind::String));
    let client = Client::builder().transport(emulator.clone()).build()?;

    let invoices = (1..=250).map(|number| Invoice {
        number,
        amount: (number != 7).then(|| format!("{number}.00 EUR")),
        // An empty subscriber id is invalid. That event is not sent; the others are.
        customer: if number == 13 { String::new() } else { format!("customer-{number}") },
    });

    // 250 events are sent in three requests of at most 100 events.
    let bulk: Bulk = invoices.map(TeleflowWorkflow::event).collect();
    println!("{}", bulk.plan(&client));
    let report = bulk.send(&client).await;

    println!("{} of {} events are queued", report.receipts().count(), report.len());
    for (position, failure) in report.failures() {
        match failure {
            Failure::Invalid(error) => println!("event {position} was not sent, because it is invalid: {error}"),
            Failure::NotSent(error) => println!("event {position} was not sent: {error}"),
            Failure::NotQueued(error) => println!("event {position} was rejected: {error}"),
            Failure::Unknown(error) => {
                println!("event {position} may be queued; retry it with the same transaction id: {error}")
            }
        }
    }
    assert_eq!(emulator.jobs().len(), 248);
    Ok(())
}
