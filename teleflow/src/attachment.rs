//! Files that go with an e-mail.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

use crate::payload_type::{object, serialized_as};

/// A file that goes with the e-mails of a workflow.
///
/// Put a list of them into a payload field called `attachments`, the one name under which the server
/// looks for them. It writes the content as base64: the server decodes that without a check, and
/// answers 500 where it is missing. The server keeps no content id, so a file cannot be shown inside the
/// HTML of an e-mail.
///
/// A request may have 20 MiB in all; base64 adds a third to each file. For more than a megabyte over a
/// slow line raise [`ClientBuilder::deadline`](crate::ClientBuilder::deadline): an attempt gets a second
/// for each 64 KiB, but no more than the deadline.
///
/// `Debug` shows the media type, the size in bytes and the channels.
///
/// ```
/// use teleflow::{Attachment, TeleflowWorkflow};
///
/// #[derive(serde::Serialize, TeleflowWorkflow)]
/// #[teleflow(trigger = "invoice")]
/// struct Invoice {
///     number: u32,
///     attachments: Vec<Attachment>,
/// }
///
/// let invoice = Invoice {
///     number: 7,
///     attachments: vec![Attachment::new("invoice-7.pdf", "application/pdf", b"%PDF-1.7".to_vec())],
/// };
/// assert!(invoice.to("ada").into_request().is_ok());
/// ```
// Source: parse-event-request.usecase.ts.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    name: String,
    mime: String,
    #[serde(serialize_with = "as_base64")]
    file: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<Channel>,
}

/// A channel through which a workflow sends messages, for [`Attachment::channels`].
///
/// ```
/// use teleflow::Channel;
///
/// assert_eq!(serde_json::to_value(Channel::InApp)?, "in_app");
/// # Ok::<(), serde_json::Error>(())
/// ```
// Source: ChannelTypeEnum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// `email`.
    Email,
    /// `sms`.
    Sms,
    /// `push`.
    Push,
    /// `chat`.
    Chat,
    /// `in_app`.
    InApp,
}

impl Attachment {
    /// A file with its name, its media type (such as `application/pdf`) and its bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, mime: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), mime: mime.into(), file: content.into(), channels: Vec::new() }
    }

    /// The channels that the file is meant for; without them, all that can carry one.
    ///
    /// The server does not read them: it passes them on to the provider together with the file.
    ///
    /// ```
    /// use teleflow::{Attachment, Channel};
    ///
    /// let invoice = Attachment::new("a.pdf", "application/pdf", b"%PDF-1.7".to_vec()).channels([Channel::Email]);
    /// assert_eq!(serde_json::to_value(&invoice)?["channels"], serde_json::json!(["email"]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn channels(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().collect();
        self
    }
}

object!(Attachment, "Attachment" {
    0 always "name": str,
    1 always "mime": str,
    2 always "file": str,
    3 skippable "channels": Vec<Channel>;
    4
});
serialized_as!(String: Channel);

fn as_base64<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(content))
}

/// Shows neither the content nor the name, which often tells whose it is.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("mime", &self.mime)
            .field("bytes", &self.file.len())
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}
