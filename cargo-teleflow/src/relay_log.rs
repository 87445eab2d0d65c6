//! Prints the warnings and errors of the relay. They contain no payload and no API key.

use std::fmt::{Debug, Write};

use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::output::{error, sanitize, warn};

/// Prints what the library logs in this process from now on.
pub(crate) fn print_warnings() {
    // It fails only if a subscriber is set, which is this one.
    let _ = tracing::subscriber::set_global_default(Printer);
}

struct Printer;

impl Subscriber for Printer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // The relay reports each request that failed. The attempts of it are not of interest here.
        let level = if metadata.target().starts_with("teleflow_outbox") { Level::WARN } else { Level::ERROR };
        metadata.is_event() && metadata.target().starts_with("teleflow") && *metadata.level() <= level
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        let text = sanitize(&format!("{}{}", line.message, line.fields));
        if *event.metadata().level() == Level::ERROR { error(&text) } else { warn(&text) }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The message of an event, and its fields: `, name=value` for each.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a `String` cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, ", {name}={value:?}"),
        };
    }
}
