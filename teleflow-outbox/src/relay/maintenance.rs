//! Logs the gauges and deletes old dead messages, from time to time.

use std::time::Duration;

use tokio::time::Instant;

use super::shared::Shared;
use crate::error::Result;

const LOG_GAUGES: Duration = Duration::from_secs(60);
const PURGE: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(crate) struct Maintenance {
    logged: Option<Instant>,
    purged: Option<Instant>,
}

impl Maintenance {
    pub(crate) async fn run(&mut self, shared: &Shared) {
        let is_due = |last: Option<Instant>, every| last.is_none_or(|last| last.elapsed() >= every);
        let mut result = Ok(());
        if is_due(self.purged, PURGE) {
            self.purged = Some(Instant::now());
            result = purge(shared).await;
        }
        if is_due(self.logged, LOG_GAUGES) {
            self.logged = Some(Instant::now());
            match shared.gauges().await {
                Ok(gauges) => gauges.log(),
                Err(error) => result = Err(error),
            }
        }
        if let Err(error) = result {
            tracing::error!(error = error.chain(), "failed to read or clean the queue");
        }
    }
}

/// Deletes the dead messages that are too old.
pub(crate) async fn purge(shared: &Shared) -> Result<()> {
    let deleted = shared.store.backend().purge_dead(shared.settings.keep_dead_for).await?;
    if deleted > 0 {
        tracing::info!(deleted, "deleted old dead requests");
    }
    Ok(())
}
