//! Files that go with an e-mail.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

use crate::form::object;

/// A file that goes with the e-mails of a workflow.
///
/// Put a list of them into a payload field called `attachments`, the one name under which the server
/// looks for them. It writes the content as base64: the server decodes that without a check, and
/// answers 500 where it is missing. (`parse-event-request.usecase.ts`.)
///
/// A request may have 20 MiB in all; base64 adds a third to each file. For more than a megabyte over a
/// slow line raise [`ClientBuilder::deadline`](crate::ClientBuilder::deadline): an attempt gets a second
/// for each 64 KiB, but no more than the deadline.
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
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    name: String,
    mime: String,
    #[serde(serialize_with = "as_base64")]
    file: Vec<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disposition: Option<String>,
}

impl Attachment {
    /// A file with its name, its media type (such as `application/pdf`) and its bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, mime: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), mime: mime.into(), file: content.into(), cid: None, disposition: None }
    }

    /// Shown inside the e-mail, where its HTML says `<img src="cid:…">` with this content id.
    #[must_use]
    pub fn inline(mut self, content_id: impl Into<String>) -> Self {
        self.cid = Some(content_id.into());
        self.disposition = Some(String::from("inline"));
        self
    }
}

object!(Attachment, "Attachment" {
    0 always "name": str,
    1 always "mime": str,
    2 always "file": str,
    3 perhaps "cid": str,
    4 perhaps "disposition": str;
    5
});

fn as_base64<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(content))
}

/// Says how long the content is, not what is in it.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("name", &self.name)
            .field("mime", &self.mime)
            .field("bytes", &self.file.len())
            .finish_non_exhaustive()
    }
}
