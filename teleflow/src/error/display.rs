//! An error as one line of a log.

use std::fmt;

use teleflow_http::sanitize;

use super::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (repr, context) = (&*self.0, &self.0.context);
        if let Some(trigger) = &context.trigger {
            write!(f, "{}: ", sanitize::text(trigger.as_str()))?;
        }
        f.write_str(&repr.detail)?;
        if !repr.messages.is_empty() {
            write!(f, ": {}", repr.messages.join("; "))?;
        }
        let mut notes = Notes { f, is_open: false };
        if let Some(endpoint) = context.endpoint {
            match repr.http_status {
                Some(status) => notes.add(format_args!("{endpoint} answered {status}"))?,
                None => notes.add(format_args!("{endpoint}"))?,
            }
        }
        if let Some(wait) = repr.retry_after {
            notes.add(format_args!("retry after {} s", wait.as_secs_f64().ceil()))?;
        }
        if let Some(reason) = &context.retries_ended {
            notes.add(format_args!("{reason}"))?;
        }
        if context.attempts > 1 {
            notes.add(format_args!("{} attempts", context.attempts))?;
        }
        if let Some(id) = &context.transaction_id {
            notes.add(format_args!("transaction id {}", sanitize::text(id.as_str())))?;
        }
        notes.close()
    }
}

/// The parentheses at the end of the line. The first note opens them.
struct Notes<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    is_open: bool,
}

impl Notes<'_, '_> {
    fn add(&mut self, note: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_str(if self.is_open { ", " } else { " (" })?;
        self.is_open = true;
        self.f.write_fmt(note)
    }

    fn close(self) -> fmt::Result {
        self.f.write_str(if self.is_open { ")" } else { "" })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind()).field("fate", &self.fate()).field("message", &self.to_string());
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}
