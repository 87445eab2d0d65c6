//! What can go wrong, and what to do about each kind of error.
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
#[teleflow(trigger = "misspelt")]
struct Misspelt {}

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

    explain("a payload that JSON cannot hold", OrderShipped { order_id: f64::NAN }.to("ada").send(&client).await);
    explain("a trigger identifier that no workflow has", Misspelt {}.to("ada").send(&client).await);
    explain("a workflow that is switched off", SummerSale {}.to("ada").send(&client).await);
    explain("a variable that the workflow requires", Parcel {}.to("ada").send(&client).await);

    let stranger = Client::builder().transport(emulator.with_api_key("not-a-key")).build()?;
    explain("a wrong API key", SummerSale {}.to("ada").send(&stranger).await);

    // Nobody listens on port 1.
    let nowhere = Client::builder()
        .api_key("test-key")
        .base_url("http://127.0.0.1:1")
        .deadline(Duration::from_secs(1))
        .build()?;
    explain("a server that is not there", SummerSale {}.to("ada").send(&nowhere).await);
    Ok(())
}

fn explain(what: &str, result: teleflow::Result<teleflow::Receipt>) {
    println!("\n{what}");
    match result {
        Ok(receipt) => println!("   queued as {}", receipt.transaction_id()),
        Err(error) => println!("   {error}\n   {:?}: {}", error.kind(), advice(&error)),
    }
}

/// What an application can do.
fn advice(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Invalid => "a fault in our own data: nothing was sent, and sending it again will not help",
        ErrorKind::Dropped | ErrorKind::WorkflowNotFound => "the workflow is not ready: tell whoever owns it",
        ErrorKind::Validation => "struct and workflow do not agree: mend one of them",
        ErrorKind::Unauthorized | ErrorKind::PaymentRequired => {
            "nothing can be sent until somebody sees to the account"
        }
        ErrorKind::RateLimited => "later, at a slower pace: see `retry_after`",
        _ => match error.fate() {
            Fate::NotQueued => "nobody is notified: put it aside and send it again",
            Fate::Unknown => "perhaps queued: if it is sent again, then under the same transaction id",
        },
    }
}
