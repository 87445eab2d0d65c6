//! Files attached to e-mails.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

use crate::payload_type::{object, serialized_as};

/// A file attached to the e-mails of a workflow.
///
/// Put a list of attachments into a payload field called `attachments`, the only name that the server reads. The content
/// is serialized as base64. The server keeps no content id, so an e-mail's HTML cannot embed the file.
///
/// The server accepts requests of up to 20 MiB; base64 adds a third to each file. For more than a megabyte over a slow
/// connection raise [`ClientBuilder::deadline`](crate::ClientBuilder::deadline): an attempt may take a second for each
/// 64 KiB, but not more than the deadline.
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
// Source: parse-event-request.usecase.ts. It decodes any base64, and responds with 500 if `file` is missing.
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
    /// Creates a file with its name, its media type (such as `application/pdf`) and its bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, mime: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), mime: mime.into(), file: content.into(), channels: Vec::new() }
    }

    /// Sets the channels that the file is intended for. By default, all that support files.
    ///
    /// The server passes them on to the provider and does not read them itself.
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

/// Hides the content, and the name, which is often personal.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("mime", &self.mime)
            .field("bytes", &self.file.len())
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}
