//! Why a command ends without having done its work.

use std::process::ExitCode;

/// Why a command ends early. The message is one line, and says what to do.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// It was called wrongly, or its surroundings are not as it needs them.
    Usage(String),
    /// The server, the catalog or the file system refuses.
    Refused(String),
    /// What was found is on the standard output already.
    Drift,
}

impl Failure {
    /// What is printed after `error: `.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Refused(message) => Some(message),
            Self::Drift => None,
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Refused(_) | Self::Drift => ExitCode::from(1),
        }
    }
}
