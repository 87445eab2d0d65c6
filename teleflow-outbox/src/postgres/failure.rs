//! Failures of PostgreSQL as errors of this crate.

use crate::error::Error;

/// The error of a statement. Neither its text nor its source contains details, because they may contain a message.
pub(super) fn failure(what: &str, error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(db) => {
            Error::new(format!("PostgreSQL failed to {what}: {} (SQLSTATE {})", db.message(), db.code().code()))
        }
        None => Error::new(format!("PostgreSQL failed to {what}")).with_source(error),
    }
}
