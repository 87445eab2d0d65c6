//! The only writer of the standard output and the standard error.

use std::io::{self, ErrorKind, Write};

pub(crate) use teleflow_http::sanitize::{is_invisible, text as shown};

use crate::failure::Failure;

/// Writes to the standard output. A closed pipe is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Refused(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes one line to the standard error: `warning: …`, `error: …`.
pub(crate) fn complain(level: &str, message: &str) {
    // An error here cannot be reported anywhere.
    let _ = writeln!(io::stderr().lock(), "{level}: {message}");
}
