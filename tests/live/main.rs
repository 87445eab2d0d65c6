//! Sends one event, or with the argument `broadcast` a broadcast, with the configuration of the environment. Tests run this program to set environment variables, which
//! is safe only for another process.

use std::process::ExitCode;

use teleflow::{Broadcast, Client, Error, Event};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match send().await {
        Ok(status) => {
            println!("{status}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{:?}: {error}", error.kind());
            ExitCode::FAILURE
        }
    }
}

/// Returns the HTTP status and the status of the event.
async fn send() -> Result<String, Error> {
    let client = Client::from_env()?;
    if std::env::args().any(|argument| argument == "broadcast") {
        let receipt = Broadcast::untyped("welcome", serde_json::json!({})).send(&client).await?;
        return Ok(format!("broadcast as {}", receipt.transaction_id()));
    }
    let receipt = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await?;
    Ok(format!("{} {}", receipt.http_status(), receipt.status()))
}
