//! A message that a step made.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::content::{Chat, Email, InApp, Push, Sms};
use super::render::MissingVariable;
use crate::clock;
use crate::database::channel::Channel;

/// The outcome of a message.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, MessageStatus, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("order").sms("Order {{id}} is on its way."));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// // The subscriber has no phone number.
/// let message = &emulator.messages()[0];
/// assert_eq!(message.status(), MessageStatus::Warning);
/// assert_eq!(message.reason(), Some("Subscriber does not have active phone"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageStatus {
    /// The provider accepted it. An in-app message is in the subscriber's feed.
    Sent,
    /// It was rendered but not sent, because the subscriber has no address for it.
    Warning,
    /// The provider failed.
    Error,
    /// A template cannot be rendered, so there is nothing to send.
    NotRendered,
}

/// A message that a step made for one subscriber, and its outcome.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, InApp, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("order").in_app("Order {{id}} is on its way."));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let [message] = &emulator.messages()[..] else { panic!("not one message") };
/// assert_eq!(message.subscriber_id(), "ada");
/// assert_eq!(message.step(), "in_app");
/// assert_eq!(message.in_app().map(InApp::content), Some("Order 7 is on its way."));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct Message(Arc<Draft>);

/// Without the content.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("trigger", &self.trigger())
            .field("transaction_id", &self.transaction_id())
            .field("subscriber_id", &self.subscriber_id())
            .field("step", &self.step())
            .field("channel", &self.channel())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

/// A message that a step is making.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) head: Head,
    pub(super) provider_id: String,
    pub(super) status: MessageStatus,
    pub(super) reason: Option<String>,
    pub(super) content: Option<Content>,
    pub(super) missing: Vec<MissingVariable>,
    /// The stored record, as it was created. There is none if the server stores none.
    pub(super) record: Option<Arc<Value>>,
    /// The changes of the record, in order.
    pub(super) updates: Vec<Value>,
    /// The options of each request to the provider.
    pub(super) calls: Vec<Arc<Value>>,
    /// The HTML of an e-mail before it is made a whole document.
    pub(super) compiled_html: Option<String>,
}

/// The event and the step that a message belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    pub(super) subscriber_id: String,
    pub(super) trigger: String,
    pub(super) transaction_id: String,
    pub(super) step: String,
    pub(super) step_index: usize,
    pub(super) channel: Channel,
    /// The time since 1970.
    pub(super) at: Duration,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Email(Email),
    Sms(Sms),
    Push(Push),
    Chat(Chat),
    InApp(InApp),
}

impl Draft {
    pub(super) fn new(head: Head, provider_id: &str) -> Self {
        Self {
            head,
            provider_id: provider_id.to_owned(),
            status: MessageStatus::Sent,
            reason: None,
            content: None,
            missing: Vec::new(),
            record: None,
            updates: Vec::new(),
            calls: Vec::new(),
            compiled_html: None,
        }
    }

    /// Changes the status of the message and of its record.
    pub(super) fn set_status(&mut self, status: MessageStatus, error_id: &str, reason: &str) {
        let name = if status == MessageStatus::Warning { "warning" } else { "error" };
        self.status = status;
        self.reason = Some(reason.to_owned());
        self.updates.push(json!({ "status": name, "errorId": error_id, "errorText": reason }));
    }
}

impl From<Draft> for Message {
    fn from(draft: Draft) -> Self {
        Self(Arc::new(draft))
    }
}

impl Message {
    /// The subscriber id of the recipient.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.0.head.subscriber_id
    }

    /// The trigger identifier of the workflow.
    #[must_use]
    pub fn trigger(&self) -> &str {
        &self.0.head.trigger
    }

    /// The transaction id of the event. A message after a digest has the one of the first event.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        &self.0.head.transaction_id
    }

    /// The name of the step, or its kind if it has no name.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.0.head.step
    }

    /// The position of the step in the workflow, from 0.
    #[must_use]
    pub fn step_index(&self) -> usize {
        self.0.head.step_index
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.0.head.channel
    }

    /// The id of the provider, such as `sendgrid`. Empty if the message was not rendered.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.0.provider_id
    }

    /// When the step ran, by the emulator's clock.
    #[must_use]
    pub fn sent_at(&self) -> SystemTime {
        clock::system_time(self.0.head.at)
    }

    /// The outcome.
    #[must_use]
    pub fn status(&self) -> MessageStatus {
        self.0.status
    }

    /// Why the message was not sent, in the server's words. `None` if it was sent.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The variables that its templates printed as nothing, in the order in which they were printed.
    #[must_use]
    pub fn missing_variables(&self) -> &[MissingVariable] {
        &self.0.missing
    }

    /// The e-mail, if this is one that was rendered.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        match &self.0.content {
            Some(Content::Email(email)) => Some(email),
            _ => None,
        }
    }

    /// The SMS, if this is one that was rendered.
    #[must_use]
    pub fn sms(&self) -> Option<&Sms> {
        match &self.0.content {
            Some(Content::Sms(sms)) => Some(sms),
            _ => None,
        }
    }

    /// The push message, if this is one that was rendered.
    #[must_use]
    pub fn push(&self) -> Option<&Push> {
        match &self.0.content {
            Some(Content::Push(push)) => Some(push),
            _ => None,
        }
    }

    /// The chat message, if this is one that was rendered.
    #[must_use]
    pub fn chat(&self) -> Option<&Chat> {
        match &self.0.content {
            Some(Content::Chat(chat)) => Some(chat),
            _ => None,
        }
    }

    /// The in-app message, if this is one that was rendered.
    #[must_use]
    pub fn in_app(&self) -> Option<&InApp> {
        match &self.0.content {
            Some(Content::InApp(in_app)) => Some(in_app),
            _ => None,
        }
    }

    /// Forgets what only [`to_json`](Self::to_json) shows, of which a history of many messages would be full.
    pub(crate) fn forget_details(&mut self) {
        // The worker is the only owner until the message is in the history.
        let Some(draft) = Arc::get_mut(&mut self.0) else { return };
        if let Some(record) = &mut draft.record {
            *record = Arc::default();
        }
        (draft.updates, draft.calls, draft.compiled_html) = (Vec::new(), Vec::new(), None);
    }

    /// Whether the server stores a record of it.
    pub(crate) fn is_stored(&self) -> bool {
        self.0.record.is_some()
    }

    /// The record and the requests to the provider, for the conformance tests.
    pub(crate) fn to_json(&self) -> Value {
        let Draft { record, updates, compiled_html, calls, .. } = &*self.0;
        let calls = calls.iter().map(|options| {
            let mut call = Value::clone(options);
            if let Value::Object(fields) = &mut call {
                fields.insert("providerId".to_owned(), self.provider().into());
            }
            call
        });
        json!({
            "record": record.as_deref(), "updates": updates, "provider": calls.collect::<Vec<_>>(), "compiledHtml": compiled_html,
        })
    }
}
