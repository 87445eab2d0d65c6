//! The error of a command.

use std::process::ExitCode;

/// The error of a command. The message is one line and tells the user what to do.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The arguments or the environment are not valid.
    Usage(String),
    /// The server, the catalog or the file system reports an error.
    Refused(String),
    /// The catalog and the server differ. The report is on the standard output already.
    Drift,
}

impl Failure {
    /// The text after `error: `.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Refused(message) => Some(message),
            Self::Drift => None,
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Refused(_) | Self::Drift => ExitCode::from(1),
        }
    }
}
