//! The queue, and the results of the worker.

use std::sync::MutexGuard;

use super::Emulator;
use crate::api::state::State;
use crate::worker::job::Job;
use crate::worker::message::Message;
use crate::worker::notification::Notification;
use crate::worker::processed_job::ProcessedJob;

impl Emulator {
    /// The queued jobs of all environments, oldest first. The worker takes them from the queue when somebody looks at its
    /// results, or when the clock is advanced.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.shared.lock().worker.queue.iter().cloned().collect()
    }

    /// Lets the worker process everything that is queued or due, and returns the results of all jobs that it has processed
    /// since the last call, oldest first. Of more than 10 000 results, only the newest are kept.
    ///
    /// The worker expands topics without the actor, refuses recipients with invalid fields
    /// ([`ProcessedJob::refused`]), and drops an event whose transaction id it has already processed.
    ///
    /// As on the real server, an event cannot be cancelled before the worker has taken it from the queue. That happens
    /// when somebody looks or advances the clock, at the latest after a second. Then the event can be cancelled while its
    /// workflow waits in a delay or a digest.
    pub fn run_worker(&self) -> Vec<ProcessedJob> {
        let mut state = self.caught_up();
        state.worker.take_processed()
    }

    /// The notifications of all environments, oldest first: one for each event and subscriber. The worker first processes
    /// everything that is queued or due.
    ///
    /// Refused recipients have no notification; [`ProcessedJob::refused`] lists them.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.caught_up().worker.history.notifications().to_vec()
    }

    /// The messages of all environments, in the order in which they were sent. The worker first processes everything that
    /// is queued or due.
    ///
    /// ```
    /// use teleflow::{Client, Event};
    /// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator
    ///     .workflow(Workflow::new("welcome").sms("Hi {{name}}!"))
    ///     .subscriber(SubscriberRecord::new("ada").phone("+4915112345"));
    /// let client = Client::builder().transport(emulator.clone()).build()?;
    /// Event::untyped("welcome", serde_json::json!({"name": "Ada"})).to("ada").send(&client).await?;
    ///
    /// let messages = emulator.messages();
    /// let sms = messages.iter().find_map(|message| message.sms()).expect("an SMS");
    /// assert_eq!((sms.to(), sms.text()), ("+4915112345", "Hi Ada!"));
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.caught_up().worker.history.messages().to_vec()
    }

    /// The state, after the worker has processed everything that is queued or due.
    pub(crate) fn caught_up(&self) -> MutexGuard<'_, State> {
        let mut state = self.shared.lock();
        state.catch_up(self.shared.clock.since_epoch());
        state
    }
}
