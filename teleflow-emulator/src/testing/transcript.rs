//! A text of everything that happened, which is the same on every run.

use std::collections::HashMap;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::describe;
use super::escape;
use super::sensitive_texts::SensitiveTexts;
use crate::api::state::State;
use crate::emulator::Emulator;
use crate::request_log::{Attempt, EventResult, redacted};
use crate::worker::message::record::{Message, MessageStatus};

/// The length of a UUID in text.
const UUID_LENGTH: usize = 36;

impl Emulator {
    /// A text of all requests with their events, and of all notifications and messages, for snapshots. It is the same on
    /// every run of a test: transaction ids are `[transaction 1]`, and times, in whole seconds since the first request,
    /// are `[now + 2 h]`.
    ///
    /// Sensitive values of payloads are `"[redacted]"`, if the client sends in memory: see the key `sensitive` of
    /// [`TeleflowWorkflow`](macro@teleflow::TeleflowWorkflow). In messages and errors each text that is equal to a sensitive string or number
    /// of at least 4 characters is replaced. A shorter one remains, and one that a template changes, for example to upper case.
    ///
    /// Dates in payloads remain as they were sent; use [`with_time`](Self::with_time) for a fixed time.
    ///
    /// ```
    /// use teleflow::Event;
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("order").in_app("Order {{id}}"));
    /// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&emulator.client()).await?;
    /// assert_eq!(
    ///     emulator.transcript(),
    ///     r#"requests
    ///   [now] POST /v1/events/trigger: 201
    ///     [transaction 1] order to "ada": {"id":7}
    ///
    /// notifications
    ///   [transaction 1] order, "ada": in_app sent
    ///
    /// messages
    ///   [now] to "ada" (workflow `order`, step `in_app`)
    ///     in-app message: Order 7
    /// "#,
    /// );
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn transcript(&self) -> String {
        let state = self.caught_up();
        let names = Names::new(state.requests.attempts());
        let mut text = String::from("requests\n");
        for attempt in state.requests.attempts() {
            request(attempt, &names, &mut text);
        }
        text += "\nnotifications\n";
        let sensitive = SensitiveTexts::of(state.requests.attempts());
        notifications(&state, &names, &sensitive, &mut text);
        text += "\nmessages\n";
        for message in state.worker.history.messages() {
            names.message(message, &sensitive, &mut text);
        }
        escape::lines(&names.without_uuids(text))
    }
}

/// The stable names of ids and times.
struct Names {
    /// The time of the first request, since 1970.
    start: Duration,
    transactions: HashMap<String, usize>,
}

impl Names {
    fn new(attempts: &[Attempt]) -> Self {
        let mut transactions = HashMap::new();
        for event in attempts.iter().flat_map(Attempt::events) {
            if let Some(id) = event.get("transactionId").and_then(Value::as_str) {
                let number = transactions.len() + 1;
                transactions.entry(id.to_owned()).or_insert(number);
            }
        }
        Self { start: attempts.first().map_or(Duration::ZERO, |first| first.at), transactions }
    }

    fn transaction(&self, id: &str) -> String {
        match self.transactions.get(id) {
            Some(number) => format!("[transaction {number}]"),
            None => "[transaction]".to_owned(),
        }
    }

    fn time(&self, at: Duration) -> String {
        let mut seconds = at.saturating_sub(self.start).as_secs();
        if seconds == 0 {
            return "[now]".to_owned();
        }
        let mut text = String::from("[now +");
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)] {
            if seconds >= length {
                text += &format!(" {} {unit}", seconds / length);
                seconds %= length;
            }
        }
        text + "]"
    }

    fn path(&self, path: &str) -> String {
        let id = path.strip_prefix("/v1/events/trigger/").filter(|id| !matches!(*id, "bulk" | "broadcast"));
        match id.map(|id| percent_decode_str(id).decode_utf8_lossy()) {
            Some(id) => format!("/v1/events/trigger/{}", self.transaction(&id)),
            None => path.to_owned(),
        }
    }

    fn message(&self, message: &Message, sensitive: &SensitiveTexts, text: &mut String) {
        let recipient = Value::from(message.subscriber_id());
        let at = message.sent_at().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        *text += &format!("  {} to {recipient} ({})\n", self.time(at), describe::step(message));
        let mut lines = Vec::new();
        if let Some(email) = message.email() {
            lines.push(format!("e-mail to {}: {}", addresses(email.to()), email.subject()));
            lines.extend(
                sensitive
                    .redact(&email.text())
                    .lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty())
                    .map(|line| format!("| {line}")),
            );
        } else if let Some(sms) = message.sms() {
            lines.push(format!("SMS to {}: {}", addresses(vec![sms.to()]), sms.text()));
        } else if let Some(push) = message.push() {
            lines.push(format!("push message to {}: {}", addresses(push.device_tokens()), push.title()));
            lines.push(format!("| {}", push.text()));
        } else if let Some(chat) = message.chat() {
            lines.push(format!("chat message: {}", chat.text()));
        } else if let Some(in_app) = message.in_app() {
            lines.push(format!("in-app message: {}", in_app.content()));
        }
        if message.status() != MessageStatus::Sent {
            lines.push(format!("not sent: {}", escape::line(message.reason().unwrap_or_default())));
        }
        for missing in message.missing_variables() {
            lines.push(format!("missing: `{}` in template `{}`", missing.variable(), missing.template()));
        }
        for line in lines {
            *text += &format!("    {}\n", sensitive.redact(&line).replace('\n', "\n    | "));
        }
    }

    /// Names the transaction ids that are part of payloads or messages. A short id may be a part of another word.
    fn without_uuids(&self, mut text: String) -> String {
        for id in self.transactions.keys().filter(|id| id.len() == UUID_LENGTH) {
            text = text.replace(id, &self.transaction(id));
        }
        text
    }
}

/// The addresses of a message. One that was not sent may have none.
fn addresses(all: Vec<&str>) -> String {
    let all: Vec<&str> = all.into_iter().filter(|address| !address.is_empty()).collect();
    if all.is_empty() { "no address".to_owned() } else { all.join(", ") }
}

fn request(attempt: &Attempt, names: &Names, text: &mut String) {
    let status =
        attempt.status.map_or_else(|| "not received by the server".to_owned(), |status| status.as_u16().to_string());
    let (at, path) = (names.time(attempt.at), names.path(&attempt.path));
    *text += &format!("  {at} {} {path}: {status}\n", attempt.method);
    for (position, event) in attempt.events().iter().enumerate() {
        let id = event.get("transactionId").and_then(Value::as_str).unwrap_or_default();
        let refused = match attempt.result(position) {
            EventResult::Refused(reason) => format!(" (refused: {reason})"),
            EventResult::Queued | EventResult::NotProcessed => String::new(),
        };
        *text += &format!(
            "    {} {}{}\n",
            names.transaction(id),
            escape::line(&describe::line(&redacted(event, attempt.sensitive_paths(position)))),
            escape::line(&refused),
        );
    }
}

fn notifications(state: &State, names: &Names, sensitive: &SensitiveTexts, text: &mut String) {
    for notification in state.worker.history.notifications() {
        let steps: Vec<String> =
            notification.steps().map(|step| format!("{} {}", step.kind(), step.outcome())).collect();
        let (id, trigger) = (names.transaction(notification.transaction_id()), escape::line(notification.trigger()));
        let subscriber = Value::from(notification.subscriber_id());
        *text += &format!("  {id} {trigger}, {subscriber}: {}\n", steps.join(", "));
        for (_, error) in notification.errors() {
            *text += &format!("    error: {}\n", escape::line(&sensitive.redact(error)));
        }
    }
}
