//! The only writer of the standard output and the standard error.

use std::io::{self, ErrorKind, Write};

pub(crate) use teleflow_http::sanitize::{is_invisible, text as sanitize};

use crate::failure::Failure;

/// Writes to the standard output. A closed pipe is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Operation(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes an error to the standard error.
pub(crate) fn error(message: &str) {
    write_line("error", message);
}

/// Writes a warning to the standard error.
pub(crate) fn warn(message: &str) {
    write_line("warning", message);
}

/// Writes a note about the progress to the standard error.
pub(crate) fn note(message: &str) {
    write_line("note", message);
}

fn write_line(level: &str, message: &str) {
    // An error here cannot be reported anywhere.
    let _ = writeln!(io::stderr().lock(), "{level}: {message}");
}
