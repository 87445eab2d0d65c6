//! Transaction ids that are derived from an event's own data.

use std::fmt::{Display, Write};

use uuid::Uuid;

use super::{TransactionId, TriggerId};
use crate::invalid::Invalid;

/// The namespace of the derived ids, chosen at random. Changing it would change every derived id.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1c_35d8_9a0e_4c62_b7d4_52e8_0f3b_91ac);

/// The pieces of a transaction id's template, added by generated code.
///
/// The same event has the same id in every process and on every day. The id is a chain of UUIDs v5: of each piece of the
/// template, the trigger, the tenant, and each recipient in sorted order, each in the namespace of the one before. So two
/// different sequences of pieces have different ids. The server compares only the id: therefore trigger, tenant and
/// recipients are part of it.
#[doc(hidden)]
#[derive(Debug)]
pub struct TransactionIdPieces {
    id: Uuid,
    /// The buffer for the next piece.
    piece: String,
    is_used: bool,
    /// A field is not blank.
    has_value: bool,
    display_failed: bool,
}

impl TransactionIdPieces {
    pub(crate) fn new() -> Self {
        Self { id: NAMESPACE, piece: String::new(), is_used: false, has_value: false, display_failed: false }
    }

    /// Adds the template's own text between two fields.
    pub fn text(&mut self, text: &str) {
        self.is_used = true;
        self.add("text:", text);
    }

    /// Adds a field.
    pub fn field(&mut self, value: &dyn Display) {
        self.is_used = true;
        let start = self.begin("field:");
        self.display_failed |= write!(self.piece, "{value}").is_err();
        self.has_value |= !self.piece.get(start..).unwrap_or_default().trim().is_empty();
        self.step();
    }

    /// Whether there is a template.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// Rejects pieces that would give different events the same id.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if self.display_failed {
            Err(Invalid::new(
                "a field in the template of the transaction id cannot be displayed: its `Display` returned an error",
            ))
        } else if !self.has_value {
            Err(Invalid::new(
                "every field in the template of the transaction id is blank, so such events would all get the same id; \
                 fill one of them",
            ))
        } else {
            Ok(())
        }
    }

    /// The id of the event with these pieces, for this tenant and these recipients.
    pub(crate) fn finish(mut self, trigger: &TriggerId, tenant: Option<&str>, recipients: &[String]) -> TransactionId {
        self.add("trigger:", trigger.as_str());
        if let Some(tenant) = tenant {
            self.add("tenant:", tenant);
        }
        let mut recipients: Vec<_> = recipients.iter().map(String::as_str).collect();
        recipients.sort_unstable();
        recipients.dedup();
        for recipient in recipients {
            // Its kind is part of it: `subscriber:` or `topic:`.
            self.add("", recipient);
        }
        TransactionId::from(self.id)
    }

    fn add(&mut self, kind: &str, text: &str) {
        self.begin(kind);
        self.piece.push_str(text);
        self.step();
    }

    /// Starts a piece with its kind. Returns where its text starts.
    fn begin(&mut self, kind: &str) -> usize {
        self.piece.clear();
        self.piece.push_str(kind);
        kind.len()
    }

    fn step(&mut self) {
        self.id = Uuid::new_v5(&self.id, self.piece.as_bytes());
    }
}
