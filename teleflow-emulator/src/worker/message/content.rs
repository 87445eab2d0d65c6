//! The content of a message as its provider gets it, for each channel.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::{html, js};

/// An e-mail.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .subscriber(SubscriberRecord::new("ada").email("ada@example.com"))
///     .workflow(Workflow::new("order").email("Order {{id}}", "<p>Thank you for</p><ul><li>{{item}}</li></ul>"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7, "item": "Tea & milk"})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(email) = messages[0].email() else { panic!("not an e-mail") };
/// assert_eq!(email.to(), ["ada@example.com"]);
/// assert_eq!(email.subject(), "Order 7");
/// assert!(email.html().contains("<li>Tea &amp; milk</li>"));
/// assert_eq!(email.text(), "Thank you for\nTea & milk");
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct Email {
    pub(super) options: Arc<Value>,
    pub(super) preheader: Option<String>,
}

/// Without the content.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email").finish_non_exhaustive()
    }
}

impl Email {
    /// The addresses of the recipients, without those of `cc` and `bcc`.
    #[must_use]
    pub fn to(&self) -> Vec<&str> {
        texts(&self.options, "to")
    }

    /// The address of the sender.
    #[must_use]
    pub fn from(&self) -> &str {
        text(&self.options, "from")
    }

    /// The subject. The server escapes it: a `&` of the payload is `&amp;`.
    #[must_use]
    pub fn subject(&self) -> &str {
        text(&self.options, "subject")
    }

    /// The rendered preheader. A layout shows it as hidden text.
    #[must_use]
    pub fn preheader(&self) -> Option<&str> {
        self.preheader.as_deref()
    }

    /// The name of the sender, if the template or the event sets one.
    #[must_use]
    pub fn sender_name(&self) -> Option<&str> {
        js::if_truthy(self.options.get("senderName"))?.as_str()
    }

    /// The HTML: a whole document. The emulator does not move the rules of `style` elements into attributes; the server
    /// does.
    #[must_use]
    pub fn html(&self) -> &str {
        text(&self.options, "html")
    }

    /// The text of the HTML that a reader sees, with a line for each block.
    #[must_use]
    pub fn text(&self) -> String {
        html::visible_text(self.html())
    }

    /// The attachments of the event.
    pub fn attachments(&self) -> impl Iterator<Item = MessageAttachment<'_>> {
        self.options.get("attachments").and_then(Value::as_array).into_iter().flatten().map(MessageAttachment)
    }

    /// Everything that the provider gets: also `cc`, `bcc`, `replyTo`, `headers`, `customData`, `ipPoolName` and `text`.
    #[must_use]
    pub fn options(&self) -> &Value {
        &self.options
    }
}

/// An attachment of an e-mail. The emulator does not keep its bytes.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .subscriber(SubscriberRecord::new("ada").email("ada@example.com"))
///     .workflow(Workflow::new("order").email("Your invoice", "<p>See the attachment.</p>"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"attachments": [{"name": "invoice.pdf", "mime": "application/pdf", "file": "JVBERi0="}]})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(email) = messages[0].email() else { panic!("not an e-mail") };
/// assert!(email.attachments().any(|attachment| attachment.name() == "invoice.pdf"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct MessageAttachment<'a>(&'a Value);

/// Without the content.
impl fmt::Debug for MessageAttachment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageAttachment").finish_non_exhaustive()
    }
}

impl<'a> MessageAttachment<'a> {
    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &'a str {
        text(self.0, "name")
    }

    /// The media type.
    #[must_use]
    pub fn mime(&self) -> &'a str {
        text(self.0, "mime")
    }
}

/// An SMS.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .subscriber(SubscriberRecord::new("ada").phone("+4930123"))
///     .workflow(Workflow::new("order").sms("Order {{id}} is on its way."));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(sms) = messages[0].sms() else { panic!("not an SMS") };
/// assert_eq!((sms.to(), sms.text()), ("+4930123", "Order 7 is on its way."));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct Sms(pub(super) Arc<Value>);

/// Without the content.
impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").finish_non_exhaustive()
    }
}

impl Sms {
    /// The phone number of the recipient.
    #[must_use]
    pub fn to(&self) -> &str {
        text(&self.0, "to")
    }

    /// The sender, if the integration or the event sets one.
    #[must_use]
    pub fn from(&self) -> Option<&str> {
        js::if_truthy(self.0.get("from"))?.as_str()
    }

    /// The text. The server escapes values as in HTML: a `&` of the payload is `&amp;`.
    #[must_use]
    pub fn text(&self) -> &str {
        text(&self.0, "content")
    }

    /// Everything that the provider gets.
    #[must_use]
    pub fn options(&self) -> &Value {
        &self.0
    }
}

/// A push message at one provider.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .subscriber(SubscriberRecord::new("ada").device_token("phone").device_token("tablet"))
///     .workflow(Workflow::new("order").push("Order {{id}}", "It is on its way."));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(push) = messages[0].push() else { panic!("not a push message") };
/// assert_eq!(push.title(), "Order 7");
/// assert_eq!(push.device_tokens(), ["phone", "tablet"]);
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct Push(pub(super) Arc<Value>);

/// Without the content.
impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push").finish_non_exhaustive()
    }
}

impl Push {
    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        text(&self.0, "title")
    }

    /// The text. The server escapes values as in HTML.
    #[must_use]
    pub fn text(&self) -> &str {
        text(&self.0, "content")
    }

    /// The devices. The provider gets a request for each of them.
    #[must_use]
    pub fn device_tokens(&self) -> Vec<&str> {
        texts(&self.0, "deviceTokens")
    }

    /// The settings for the provider that the event sets.
    #[must_use]
    pub fn overrides(&self) -> &Value {
        self.0.get("overrides").unwrap_or(&Value::Null)
    }
}

/// A chat message at one provider.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, SubscriberRecord, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator
///     .subscriber(SubscriberRecord::new("ada").chat_webhook("https://chat.example.com/1"))
///     .workflow(Workflow::new("order").chat("Order {{id}} is on its way."));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(chat) = messages[0].chat() else { panic!("not a chat message") };
/// assert_eq!(chat.text(), "Order 7 is on its way.");
/// assert_eq!(chat.webhook_url(), Some("https://chat.example.com/1"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct Chat(pub(super) Arc<Value>);

/// Without the content.
impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat").finish_non_exhaustive()
    }
}

impl Chat {
    /// The text. The server escapes values as in HTML.
    #[must_use]
    pub fn text(&self) -> &str {
        text(&self.0, "content")
    }

    /// The URL to which the message is sent.
    #[must_use]
    pub fn webhook_url(&self) -> Option<&str> {
        js::if_truthy(self.0.get("webhookUrl"))?.as_str()
    }

    /// The channel at the provider, if the subscriber has one.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        js::if_truthy(self.0.get("channel"))?.as_str()
    }

    /// Everything that the provider gets.
    #[must_use]
    pub fn options(&self) -> &Value {
        &self.0
    }
}

/// A message in the subscriber's feed.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("order").in_app("Order {{id}} is on its way.").link("/orders/{{id}}"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let messages = emulator.messages();
/// let Some(in_app) = messages[0].in_app() else { panic!("not an in-app message") };
/// assert_eq!(in_app.content(), "Order 7 is on its way.");
/// assert_eq!(in_app.url(), Some("/orders/7"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone, PartialEq)]
pub struct InApp(pub(super) Arc<Value>);

/// Without the content.
impl fmt::Debug for InApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InApp").finish_non_exhaustive()
    }
}

impl InApp {
    /// The content, which may be HTML.
    #[must_use]
    pub fn content(&self) -> &str {
        text(&self.0, "content")
    }

    /// The URL that the message links to. The server escapes values in it as in HTML: `=` is `&#x3D;`.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        js::if_truthy(self.0.get("cta")?.get("data")?.get("url"))?.as_str()
    }

    /// The texts of the buttons.
    #[must_use]
    pub fn buttons(&self) -> Vec<&str> {
        let buttons = self.0.pointer("/cta/action/buttons").and_then(Value::as_array);
        buttons.into_iter().flatten().map(|button| text(button, "content")).collect()
    }
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn texts<'a>(object: &'a Value, field: &str) -> Vec<&'a str> {
    object.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
