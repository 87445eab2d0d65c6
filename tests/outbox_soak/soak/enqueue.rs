//! The application: connections that execute the transactions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::database::{BoxError, Connection, Database, Outcome};
use crate::plan::Planned;

const CONNECTIONS: usize = 4;
/// Between two tries to connect, while the database restarts.
const RECONNECT: Duration = Duration::from_millis(200);

/// The outcome of each transaction, as far as they have been executed.
pub struct Progress {
    next: AtomicUsize,
    outcomes: Mutex<Vec<Option<Outcome>>>,
}

impl Progress {
    pub fn new(transactions: usize) -> Self {
        Self { next: AtomicUsize::new(0), outcomes: Mutex::new(vec![None; transactions]) }
    }

    /// Whether half of the transactions have been started.
    pub fn is_halfway(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.lock().len() / 2
    }

    /// The outcomes by the number of the transaction.
    pub fn outcomes(&self) -> Vec<Option<Outcome>> {
        self.lock().clone()
    }

    fn set(&self, number: usize, outcome: Outcome) {
        if let Some(entry) = self.lock().get_mut(number) {
            *entry = Some(outcome);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Outcome>>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Executes all transactions, each once. One whose connection is lost is not executed again.
pub async fn all(database: Database, planned: Arc<[Planned]>, progress: Arc<Progress>) -> Result<(), BoxError> {
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        tasks.spawn(some(database.clone(), Arc::clone(&planned), Arc::clone(&progress)));
    }
    while let Some(result) = tasks.join_next().await {
        result??;
    }
    Ok(())
}

async fn some(database: Database, planned: Arc<[Planned]>, progress: Arc<Progress>) -> Result<(), BoxError> {
    let mut connection = connect(&database).await?;
    while let Some(planned) = planned.get(progress.next.fetch_add(1, Ordering::Relaxed)) {
        let outcome = connection.execute(&database, planned).await?;
        progress.set(planned.number, outcome);
        if connection.is_lost() {
            connection = connect(&database).await?;
        }
    }
    Ok(())
}

/// Connects, also while the database restarts.
pub async fn connect(database: &Database) -> Result<Connection, BoxError> {
    let mut tries = 0;
    loop {
        match database.connect().await {
            Ok(connection) => return Ok(connection),
            Err(error) if tries == 100 => return Err(error),
            Err(_) => tries += 1,
        }
        sleep(RECONNECT).await;
    }
}
