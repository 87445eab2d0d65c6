//! Sends one event as the environment says, for tests that set variables: a process may set them only for another.

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
