//! What a relay logs.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::field::{Field, Visit};
use tracing::subscriber::set_default;
use tracing::{Event, Metadata, Subscriber, span};

use crate::queue::Queue;

/// Collects the events of the outbox: their fields, one event in a line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("teleflow_outbox")
    }

    fn event(&self, event: &Event<'_>) {
        let mut log = self.0.lock().unwrap();
        event.record(&mut Fields(&mut log));
        log.push('\n');
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

#[tokio::test]
async fn a_failure_of_the_database_is_logged_with_its_cause() {
    let queue = Queue::new();
    let relay = queue.relay().await;
    let other = rusqlite::Connection::open(&queue.file).unwrap();
    other.execute_batch("alter table teleflow_outbox rename to gone").unwrap();
    let log = Log::default();
    let _guard = set_default(log.clone());
    let logged = async {
        while !log.0.lock().unwrap().contains("failed to claim requests") {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(10), relay.run(logged)).await.unwrap();
    let log = log.0.lock().unwrap();
    let line = log.lines().find(|line| line.contains("failed to claim requests")).unwrap();
    assert!(line.contains("SQLite failed to claim messages: no such table: teleflow_outbox"), "{line}");
}
