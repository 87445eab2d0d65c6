//! `cargo teleflow outbox`: shows the queue of an outbox, and works on it.

// A module imports only from those below it.
mod drain;
mod redrive;
mod dead;
mod status;
mod age;

use teleflow_outbox::Store;

use crate::args::outbox::{Command, QueueArgs};
use crate::database::Database;
use crate::failure::{Failure, chain};
use crate::output::sanitize;

pub(crate) async fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Status(args) => status::run(args, &open(&args.queue).await?).await,
        Command::Dead(args) => dead::run(args, &open(&args.queue).await?).await,
        Command::Redrive(args) => redrive::run(args, &open(&args.queue).await?).await,
        Command::Drain(args) => {
            // The key and the URL are checked before the database is opened.
            let client = drain::client(&args.server)?;
            drain::run(args, client, open(&args.queue).await?).await
        }
    }
}

async fn open(args: &QueueArgs) -> Result<Store, Failure> {
    Database::find(args.database.as_deref())?.open(&args.queue).await
}

/// The failure for an error of the store.
fn failed(error: &teleflow_outbox::Error) -> Failure {
    Failure::Operation(sanitize(&chain(error)))
}
