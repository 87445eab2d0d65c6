//! The messages that one subscriber reads.

use std::collections::BTreeSet;
use std::fmt;
use std::slice;
use std::vec;

use super::describe;
use super::escape;
use super::fail::fail;
use super::sensitive_texts::SensitiveTexts;
use crate::emulator::Emulator;
use crate::worker::message::content::{Chat, Email, InApp, Push, Sms};
use crate::worker::message::record::{Message, MessageStatus};
use crate::worker::step_outcome::StepOutcome;
use crate::worker::step_record::StepRecord;

/// The most other subscribers that a failure names.
const MOST_OTHERS: usize = 10;

/// The messages that one subscriber reads, oldest first. [`Emulator::messages_to`] returns them.
///
/// ```
/// use teleflow::Event;
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .workflow(Workflow::new("order").email("Order {{id}}", "<p>It is on its way.</p>").in_app("Order {{id}}"))
///     .subscriber(SubscriberRecord::new("ada").email("ada@example.com"));
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&emulator.client()).await?;
///
/// let messages = emulator.messages_to("ada");
/// assert_eq!(messages.email().subject(), "Order 7");
/// assert_eq!(messages.in_app().content(), "Order 7");
/// assert_eq!(messages.iter().count(), 2);
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Messages {
    subscriber_id: String,
    sent: Vec<Message>,
    not_sent: Vec<Message>,
    /// The steps that ended without a message: the trigger of each, its kind and why.
    without_message: Vec<(String, String, String)>,
    /// Whether a step of any subscriber waits for a delay or a digest.
    is_waiting: bool,
    sensitive: SensitiveTexts,
    /// The subscribers with messages, if this one has none.
    others: BTreeSet<String>,
}

/// Shows the messages that were sent as a failure does: without sensitive values.
impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("subscriber_id", &self.subscriber_id)
            .field("messages", &format_args!("{}", self.list().trim_end()))
            .finish()
    }
}

impl Emulator {
    /// The messages that were sent to a subscriber until now, after the worker has processed everything that is due. The
    /// emulator's [`messages`](Self::messages) include those that were not sent.
    ///
    /// Messages after a delay or a digest follow when the clock has moved: see [`advance`](Self::advance) and
    /// [`advance_to_idle`](Self::advance_to_idle).
    #[must_use]
    pub fn messages_to(&self, subscriber_id: &str) -> Messages {
        let state = self.caught_up();
        let all = state.worker.history.messages().iter().filter(|message| message.subscriber_id() == subscriber_id);
        let (sent, not_sent): (Vec<_>, Vec<_>) =
            all.cloned().partition(|message| message.status() == MessageStatus::Sent);
        let others = match sent.is_empty() && not_sent.is_empty() {
            true => state.worker.history.messages().iter().map(|message| message.subscriber_id().to_owned()).collect(),
            false => BTreeSet::new(),
        };
        let without_message = state
            .worker
            .history
            .notifications()
            .iter()
            .filter(|notification| notification.subscriber_id() == subscriber_id)
            .flat_map(|notification| notification.steps().map(|step| (notification.trigger(), step)))
            .filter(|(_, step)| ended_without_message(step))
            .map(|(trigger, step)| (trigger.to_owned(), step.kind().to_owned(), describe::reason(step)))
            .collect();
        let is_waiting = state.worker.next_due().is_some();
        let sensitive = SensitiveTexts::of(state.requests.attempts());
        Messages {
            subscriber_id: subscriber_id.to_owned(),
            sent,
            not_sent,
            without_message,
            is_waiting,
            sensitive,
            others,
        }
    }
}

impl Messages {
    /// The messages of one workflow, given by its trigger identifier.
    #[must_use]
    pub fn of_trigger(mut self, trigger: &str) -> Self {
        self.sent.retain(|message| message.trigger() == trigger);
        self.not_sent.retain(|message| message.trigger() == trigger);
        self.without_message.retain(|(of, ..)| of == trigger);
        self
    }

    /// The messages, oldest first.
    pub fn iter(&self) -> slice::Iter<'_, Message> {
        self.sent.iter()
    }

    /// The number of messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sent.len()
    }

    /// Whether there are no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// The only e-mail.
    ///
    /// # Panics
    ///
    /// Panics if there is none, or more than one. The text lists the messages, and those that were not sent. The
    /// emulator sends an e-mail only to a subscriber with an address, from the event or from
    /// [`Emulator::subscriber`].
    #[must_use]
    #[track_caller]
    pub fn email(&self) -> Email {
        self.only("e-mail", Message::email)
    }

    /// The only SMS.
    ///
    /// # Panics
    ///
    /// Panics if there is none, or more than one.
    #[must_use]
    #[track_caller]
    pub fn sms(&self) -> Sms {
        self.only("SMS", Message::sms)
    }

    /// The only push message.
    ///
    /// # Panics
    ///
    /// Panics if there is none, or more than one.
    #[must_use]
    #[track_caller]
    pub fn push(&self) -> Push {
        self.only("push message", Message::push)
    }

    /// The only chat message.
    ///
    /// # Panics
    ///
    /// Panics if there is none, or more than one.
    #[must_use]
    #[track_caller]
    pub fn chat(&self) -> Chat {
        self.only("chat message", Message::chat)
    }

    /// The only in-app message.
    ///
    /// # Panics
    ///
    /// Panics if there is none, or more than one.
    #[must_use]
    #[track_caller]
    pub fn in_app(&self) -> InApp {
        self.only("in-app message", Message::in_app)
    }

    #[track_caller]
    fn only<T: Clone>(&self, channel: &str, content: fn(&Message) -> Option<&T>) -> T {
        let found: Vec<&T> = self.sent.iter().filter_map(content).collect();
        match found.as_slice() {
            [only] => T::clone(only),
            [] => fail(&format!("no {channel} was sent to `{}`\n\n{}", self.subscriber_id, self.list())),
            more => fail(&format!(
                "{} messages to `{}` are of this kind: {channel}; select one with `of_trigger` or `iter`\n\n{}",
                more.len(),
                self.subscriber_id,
                self.list(),
            )),
        }
    }

    /// All messages, one line each, as they are shown.
    fn list(&self) -> String {
        let mut text = match self.sent.len() {
            0 => "no messages were sent to this subscriber\n".to_owned(),
            1 => "1 message was sent:\n".to_owned(),
            count => format!("{count} messages were sent:\n"),
        };
        for (index, message) in self.sent.iter().enumerate() {
            text += &format!("  {}. {}\n", index + 1, describe::message(message, |text| self.sensitive.redact(text)));
        }
        for message in &self.not_sent {
            let reason = escape::line(&self.sensitive.redact(message.reason().unwrap_or_default()));
            text += &format!("not sent: {}: {reason}\n", describe::step(message));
        }
        for (trigger, kind, reason) in &self.without_message {
            let line = format!("not sent: workflow `{trigger}`, step `{kind}`: {}", self.sensitive.redact(reason));
            text += &format!("{}\n", escape::line(&line));
        }
        for trigger in
            self.sent.iter().filter(|message| is_empty(message)).map(Message::trigger).collect::<BTreeSet<_>>()
        {
            let trigger = escape::line(trigger);
            text += &format!(
                "if workflow `{trigger}` has no templates here, add them with `Emulator::workflow` or `Emulator::load_templates`\n"
            );
        }
        if !self.others.is_empty() {
            let others: Vec<String> =
                self.others.iter().take(MOST_OTHERS).map(|id| format!("`{}`", escape::line(id))).collect();
            let more = if self.others.len() > MOST_OTHERS { ", …" } else { "" };
            text += &format!("subscribers with messages: {}{more}\n", others.join(", "));
        }
        if self.is_waiting {
            text += "some steps wait for a delay or a digest; move the clock with `advance` or `advance_to_idle`\n";
        }
        escape::lines(&text)
    }
}

/// Whether a step of a channel is over, and the server stores no message of it.
fn ended_without_message(step: &StepRecord) -> bool {
    let not_over = [StepOutcome::Pending, StepOutcome::Running, StepOutcome::Waiting];
    step.channel().is_some()
        && step.message.is_none()
        && step.outcome() != StepOutcome::Sent
        && !not_over.contains(&step.outcome())
}

/// Whether this is an in-app message without content, as workflows without templates send it.
fn is_empty(message: &Message) -> bool {
    message.in_app().is_some_and(|in_app| in_app.content().is_empty()) && message.missing_variables().is_empty()
}

impl<'a> IntoIterator for &'a Messages {
    type Item = &'a Message;
    type IntoIter = slice::Iter<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Messages {
    type Item = Message;
    type IntoIter = vec::IntoIter<Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.sent.into_iter()
    }
}

/// Assertions over variables that templates printed as nothing.
impl Emulator {
    /// Asserts that no message has a variable that its templates printed as nothing, because neither the payload nor the
    /// subscriber has such a value. A variable that is `null` or empty is not missing.
    ///
    /// # Panics
    ///
    /// Panics if one has. The text names the workflow, the step, the template and the variable. Panics too if no message has
    /// any content, because then nothing was checked: a workflow from [`load_catalog`](Self::load_catalog), for example, has no
    /// templates.
    ///
    /// ```
    /// use teleflow::Event;
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("order").in_app("Order {{id}}"));
    /// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&emulator.client()).await?;
    /// emulator.assert_no_missing_variables();
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn assert_no_missing_variables(&self) {
        let messages = self.messages();
        let mut lines: Vec<String> = Vec::new();
        for message in &messages {
            for missing in message.missing_variables() {
                let (template, variable) = (missing.template(), missing.variable());
                let line = format!("{}: template `{template}` prints `{variable}`", describe::step(message));
                let line = format!("  {}", escape::line(&line));
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        if !lines.is_empty() {
            let help = "the payload and the subscriber lack these variables, so templates print nothing for them";
            fail(&format!("{help}:\n{}", lines.join("\n")));
        }
        if messages.iter().all(is_empty) {
            fail(
                "no message has any content, so no variable was checked; add templates with `Emulator::workflow` or `Emulator::load_templates`",
            );
        }
    }
}
