//! Reads the request of a message.

use serde::Deserialize;
use teleflow::Request;

/// The newest version of stored requests that this library reads.
const NEWEST: u64 = 1;

/// The content of a message.
#[derive(Debug)]
pub(crate) enum StoredMessage {
    Request(Request),
    /// A newer library wrote the request; this is its version.
    Newer(u64),
    /// Why the message is not a stored request.
    Unreadable(String),
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    version: u64,
}

impl StoredMessage {
    pub(crate) fn read(message: &str) -> Self {
        match serde_json::from_str::<Head>(message) {
            Ok(head) if head.version > NEWEST => return Self::Newer(head.version),
            _ => {}
        }
        match serde_json::from_str(message) {
            Ok(request) => Self::Request(request),
            Err(error) => Self::Unreadable(format!("not a stored request: {error}")),
        }
    }
}
