//! The error of a command.

use std::error::Error as StdError;
use std::process::ExitCode;

/// The error of a command. The message is one line and tells the user what to do.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The arguments or the environment are not valid.
    Usage(String),
    /// The server, the catalog, the database or the file system reports an error.
    Operation(String),
    /// The report on the standard output says what is wrong: the catalog and the server differ, or requests are left.
    Reported,
}

impl Failure {
    /// The text after `error: `.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Operation(message) => Some(message),
            Self::Reported => None,
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Operation(_) | Self::Reported => ExitCode::from(1),
        }
    }
}

/// Formats an error and its causes. Some errors contain their cause already.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let of_cause = error.to_string();
        if !text.ends_with(&of_cause) {
            text = format!("{text}: {of_cause}");
        }
        cause = error.source();
    }
    text
}
