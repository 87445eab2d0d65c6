//! Assertions over the events that were sent.

use teleflow::derive::WorkflowPayload;

use super::compare::is_as_expected;
use super::describe;
use super::expected::{Expected, ExpectedEvent};
use super::fail::fail;
use super::failure_text::{not_as_expected, times};
use super::nothing_sent::is_queued;
use super::sent::Sent;
use crate::emulator::Emulator;
use crate::request_log::LoggedEvent;

/// Assertions over the events that clients have sent to this emulator, alone or in a bulk, a fan-out or a broadcast.
///
/// An event is *sent* if the server has queued it, even if a fault hides this from the client. Retries are one event.
impl Emulator {
    /// Asserts that this event was sent at least once, and returns it. Of several equal events it returns the first one
    /// that was not asserted yet.
    ///
    /// The event is serialized as the client does it, and compared by its JSON:
    /// * The trigger, the recipients and the payload are equal. The order of the recipients does not matter.
    /// * A recipient, actor or tenant that the test names only by its id is equal to one with other data.
    /// * An actor, a tenant and overrides are compared only if the test sets them.
    /// * The transaction id is compared only if the test or the attribute of the struct sets it.
    ///
    /// # Panics
    ///
    /// Panics if the event was not sent. The text shows the differences to the nearest event, and a line for each
    /// of the last 50 events.
    ///
    /// ```
    /// use serde::Serialize;
    /// use teleflow::TeleflowWorkflow;
    /// use teleflow_emulator::Emulator;
    ///
    /// #[derive(Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "order-shipped")]
    /// struct OrderShipped<'a> {
    ///     order_id: &'a str,
    ///     carrier: &'a str,
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new().accept_unknown_workflows();
    /// OrderShipped { order_id: "A-7", carrier: "UPS" }.to("ada").actor("ben").send(&emulator.client()).await?;
    ///
    /// emulator.assert_sent(OrderShipped { order_id: "A-7", carrier: "UPS" }.to("ada"));
    /// emulator.assert_nothing_else();
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn assert_sent(&self, event: impl ExpectedEvent) -> Sent {
        let expected = Expected::of(event);
        let (events, equal) = self.matching(&expected);
        let mut state = self.state();
        let asserted = &mut state.requests.asserted;
        let Some(first) = equal.iter().find(|event| !asserted.contains(&event.key)).or(equal.first()) else {
            drop(state);
            fail(&not_as_expected("the expected event was not sent", &expected, &events));
        };
        asserted.insert(first.key);
        Sent::new(first.clone())
    }

    /// Asserts that this event was sent exactly this often, and returns the equal events. They are compared as by
    /// [`assert_sent`](Self::assert_sent).
    ///
    /// # Panics
    ///
    /// Panics if it was sent less or more often.
    ///
    /// ```
    /// use teleflow::Event;
    /// use teleflow_emulator::Emulator;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new().accept_unknown_workflows();
    /// let welcome = || Event::untyped("welcome", serde_json::json!({})).to("ada");
    /// welcome().send(&emulator.client()).await?;
    ///
    /// emulator.assert_sent_times(1, welcome());
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn assert_sent_times(&self, count: usize, event: impl ExpectedEvent) -> Vec<Sent> {
        let expected = Expected::of(event);
        let (events, equal) = self.matching(&expected);
        if equal.len() != count {
            let often = if equal.is_empty() { "not sent".to_owned() } else { format!("sent {}", times(equal.len())) };
            let first_line = match count {
                0 => format!("the event should not have been sent, but was {often}"),
                _ => format!("the event should have been sent {}, but was {often}", times(count)),
            };
            fail(&not_as_expected(&first_line, &expected, &events));
        }
        self.asserted(equal)
    }

    /// The events of this workflow that were sent, to look at their fields. They count as asserted.
    ///
    /// ```
    /// use serde::Serialize;
    /// use teleflow::TeleflowWorkflow;
    /// use teleflow_emulator::Emulator;
    ///
    /// #[derive(Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "welcome")]
    /// struct Welcome {}
    ///
    /// assert!(Emulator::new().sent::<Welcome>().is_empty());
    /// ```
    #[must_use]
    pub fn sent<W: WorkflowPayload>(&self) -> Vec<Sent> {
        self.sent_trigger(W::TRIGGER)
    }

    /// The events with this trigger identifier that were sent. They count as asserted.
    #[must_use]
    pub fn sent_trigger(&self, trigger: &str) -> Vec<Sent> {
        let mut events = self.logged_events();
        events.retain(|event| is_queued(event) && describe::trigger(&event.json) == trigger);
        self.asserted(events)
    }

    /// All events that were sent, in order. This does not count as an assertion.
    #[must_use]
    pub fn sent_events(&self) -> Vec<Sent> {
        self.logged_events().into_iter().filter(is_queued).map(Sent::new).collect()
    }

    /// All events, and those that were sent as expected.
    fn matching(&self, expected: &Expected) -> (Vec<LoggedEvent>, Vec<LoggedEvent>) {
        let events = self.logged_events();
        let equal = events.iter().filter(|event| is_queued(event) && is_as_expected(expected, event));
        let equal = equal.cloned().collect();
        (events, equal)
    }

    fn asserted(&self, events: Vec<LoggedEvent>) -> Vec<Sent> {
        self.state().requests.asserted.extend(events.iter().map(|event| event.key));
        events.into_iter().map(Sent::new).collect()
    }
}
