//! Sends one event with the configuration of the environment. Tests run this program to set environment variables, which
//! is safe only for another process.

use std::process::ExitCode;

use teleflow::{Client, Event};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let sent = match Client::from_env() {
        Ok(client) => Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(receipt) => {
            println!("{} {}", receipt.http_status(), receipt.status());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{:?}: {error}", error.kind());
            ExitCode::FAILURE
        }
    }
}
