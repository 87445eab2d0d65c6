//! Assertions that events were not sent.

use teleflow::derive::WorkflowPayload;

use super::describe;
use super::fail::fail;
use super::failure_text::all;
use crate::emulator::Emulator;
use crate::request_log::{EventResult, LoggedEvent};

/// Assertions that events were not sent.
impl Emulator {
    /// Asserts that no event of this workflow was sent, with any payload and recipient.
    ///
    /// # Panics
    ///
    /// Panics if one was sent.
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
    /// Emulator::new().assert_not_sent::<Welcome>();
    /// ```
    #[track_caller]
    pub fn assert_not_sent<W: WorkflowPayload>(&self) {
        self.assert_trigger_not_sent(W::TRIGGER);
    }

    /// Asserts that no event with this trigger identifier was sent.
    ///
    /// # Panics
    ///
    /// Panics if one was sent.
    #[track_caller]
    pub fn assert_trigger_not_sent(&self, trigger: &str) {
        let events = self.logged_events();
        let is_of_workflow = |event: &&LoggedEvent| is_queued(event) && describe::trigger(&event.json) == trigger;
        let count = events.iter().filter(is_of_workflow).count();
        if count > 0 {
            let what = if count == 1 { "1 was".to_owned() } else { format!("{count} were") };
            fail(&format!("no event of workflow `{trigger}` should have been sent, but {what}\n\n{}", all(&events)));
        }
    }

    /// Asserts that no event was sent. Events that the server refused or did not receive were not sent.
    ///
    /// # Panics
    ///
    /// Panics if one was sent.
    #[track_caller]
    pub fn assert_nothing_sent(&self) {
        let events = self.logged_events();
        if events.iter().any(is_queued) {
            fail(&format!("no events should have been sent\n\n{}", all(&events)));
        }
    }

    /// Asserts that every event that was sent has been asserted, by [`assert_sent`](Self::assert_sent),
    /// [`assert_sent_times`](Self::assert_sent_times) or [`sent`](Self::sent).
    ///
    /// # Panics
    ///
    /// Panics if one has not. The text lists the last 50 of them.
    #[track_caller]
    pub fn assert_nothing_else(&self) {
        if let Some(text) = self.not_asserted() {
            fail(&text);
        }
    }

    /// The failure if an event was sent that has not been asserted.
    pub(super) fn not_asserted(&self) -> Option<String> {
        let mut events = self.logged_events();
        let state = self.state();
        let sent = events.iter().filter(|event| is_queued(event)).count();
        events.retain(|event| is_queued(event) && !state.requests.asserted.contains(&event.key));
        let (verb, total) =
            (if events.len() == 1 { "was" } else { "were" }, if sent == 1 { "event" } else { "events" });
        let first_line = format!("{} of {sent} {total} that {verb} sent {verb} not asserted", events.len());
        (!events.is_empty()).then(|| format!("{first_line}:\n{}", describe::numbered(&events)))
    }

    pub(super) fn logged_events(&self) -> Vec<LoggedEvent> {
        self.state().requests.events()
    }
}

pub(super) fn is_queued(event: &LoggedEvent) -> bool {
    event.result == EventResult::Queued
}
