//! The process of a relay.

use std::error::Error;
use std::io::Read;
use std::time::Duration;

use teleflow::{Client, RetryPolicy};
use teleflow_outbox::Relay;
use tokio::sync::oneshot;

use crate::database::Database;

/// The timeout of one attempt.
pub const TIMEOUT: Duration = Duration::from_millis(400);
const DEADLINE: Duration = Duration::from_secs(2);
/// The shortest lease that a relay accepts with this deadline.
pub const LEASE: Duration = Duration::from_secs(7);

/// Runs a relay until the standard input is closed.
pub async fn run(database: &Database, url: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let relay = relay(database, url).await?;
    let (stop, stopped) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = stop.send(());
    });
    relay.run(async { stopped.await.unwrap_or_default() }).await;
    Ok(())
}

/// A relay for the queue of a run, whose client sends to `url`.
pub async fn relay(database: &Database, url: &str) -> Result<Relay, Box<dyn Error + Send + Sync>> {
    let policy = RetryPolicy::default().backoff(Duration::from_millis(20), Duration::from_millis(500));
    let client = Client::builder().api_key("test-key").base_url(url).timeout(TIMEOUT).deadline(DEADLINE);
    let client = client.retry(policy).build()?;
    Ok(Relay::builder(client, database.store().await?).lease(LEASE).concurrency(8).build()?)
}
