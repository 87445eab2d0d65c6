//! Shows the kinds of error, and how an application can handle each of them.
//!
//! ```sh
//! cargo run --example errors
//! ```

use std::time::Duration;

use serde::Serialize;
use teleflow::{Client, Error, ErrorKind, Fate, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Kind, Workflow};

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped")]
struct OrderShipped {
    order_id: f64,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shiped")]
struct Misspelled {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "summer-sale")]
struct SummerSale {}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "parcel")]
struct Parcel {}

#[tokio::main]
async fn main() -> teleflow::Result<()> {
    let emulator = Emulator::new();
    emulator
        .workflow(Workflow::new("order-shipped"))
        .workflow(Workflow::new("summer-sale").inactive())
        .workflow(Workflow::new("parcel").required("weight", Kind::String));
    let client = Client::builder().transport(emulator.clone()).build()?;

    explain("a payload that is not valid JSON", OrderShipped { order_id: f64::NAN }.to("ada").send(&client).await);
    explain("a trigger identifier without a workflow", Misspelled {}.to("ada").send(&client).await);
    explain("a workflow that is not active", SummerSale {}.to("ada").send(&client).await);
    explain("a required variable that is missing", Parcel {}.to("ada").send(&client).await);

    let wrong_key = Client::builder().transport(emulator.with_api_key("not-a-key")).build()?;
    explain("a wrong API key", SummerSale {}.to("ada").send(&wrong_key).await);

    // Nothing listens on port 1.
    let no_server = Client::builder()
        .api_key("test-key")
        .base_url("http://127.0.0.1:1")
        .deadline(Duration::from_secs(1))
        .build()?;
    explain("a server that cannot be reached", SummerSale {}.to("ada").send(&no_server).await);
    Ok(())
}

fn explain(title: &str, result: teleflow::Result<teleflow::Receipt>) {
    println!("\n{title}");
    match result {
        Ok(receipt) => println!("   queued as {}", receipt.transaction_id()),
        Err(error) => println!("   {error}\n   {:?}: {}", error.kind(), advice(&error)),
    }
}

/// How an application can handle an error.
fn advice(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Invalid => "the data is invalid and nothing was sent: fix the program",
        ErrorKind::Dropped | ErrorKind::WorkflowNotFound => {
            "check the workflow in the dashboard: it is missing or not active"
        }
        ErrorKind::Validation => "the struct and the workflow do not match: change one of them",
        ErrorKind::Unauthorized | ErrorKind::PaymentRequired => "check the API key and the account",
        ErrorKind::RateLimited => "send later and more slowly: see `retry_after`",
        _ => match error.fate() {
            Fate::NotQueued => "the event is not queued: send it again",
            Fate::Unknown => "the event may be queued: send it again only with the same transaction id",
        },
    }
}
