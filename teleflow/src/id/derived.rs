//! Transaction ids that follow from an event's own data.

use std::fmt::{Display, Write};

use uuid::Uuid;

use super::{TransactionId, TriggerId};

/// Root of the derived ids. Chosen once at random; changing it would change every derived id.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1c_35d8_9a0e_4c62_b7d4_52e8_0f3b_91ac);

/// The pieces of a transaction id's template, as generated code enters them.
///
/// The same event, sent by another process or on another day, has the same id: a UUID v5 in steps, of each
/// piece of the template, of the trigger, of the tenant, and of each recipient in sorted order. A step takes in what came before
/// it, so no two sequences of pieces have the same steps. The server's guard asks for the id alone: so trigger, tenant
/// and recipients are part of it.
#[doc(hidden)]
#[derive(Debug)]
pub struct TransactionIdPieces {
    id: Uuid,
    /// The piece that is entered next.
    piece: String,
    is_used: bool,
    /// A field has a text that is not blank.
    tells_apart: bool,
    failed: bool,
}

impl TransactionIdPieces {
    pub(crate) fn new() -> Self {
        Self { id: NAMESPACE, piece: String::new(), is_used: false, tells_apart: false, failed: false }
    }

    /// Enters the template's own text between two fields.
    pub fn text(&mut self, text: &str) {
        self.is_used = true;
        self.enter("text:", text);
    }

    /// Enters what a field displays.
    pub fn field(&mut self, value: &dyn Display) {
        self.is_used = true;
        let start = self.begin("field:");
        self.failed |= write!(self.piece, "{value}").is_err();
        self.tells_apart |= !self.piece.get(start..).unwrap_or_default().trim().is_empty();
        self.step();
    }

    /// Whether there is a template.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// Why the pieces make no id that tells events apart.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if self.failed {
            Some("a field in the template of the transaction id cannot be displayed: its `Display` returned an error")
        } else if !self.tells_apart {
            Some(
                "every field in the template of the transaction id is blank, so such events would all get the same id; fill one of them",
            )
        } else {
            None
        }
    }

    /// The id of the event with these pieces, for this tenant and these recipients.
    pub(crate) fn finish(
        mut self,
        trigger: &TriggerId,
        tenant: Option<&str>,
        recipients: &mut [String],
    ) -> TransactionId {
        self.enter("trigger:", trigger.as_str());
        if let Some(tenant) = tenant {
            self.enter("tenant:", tenant);
        }
        recipients.sort_unstable();
        let mut last = None;
        for recipient in recipients {
            // It begins with `subscriber:` or `topic:`.
            if last != Some(&*recipient) {
                self.enter("", recipient);
            }
            last = Some(&*recipient);
        }
        TransactionId::from(self.id)
    }

    fn enter(&mut self, kind: &str, text: &str) {
        self.begin(kind);
        self.piece.push_str(text);
        self.step();
    }

    /// Begins a piece with what it is. Returns where its text starts.
    fn begin(&mut self, kind: &str) -> usize {
        self.piece.clear();
        self.piece.push_str(kind);
        kind.len()
    }

    fn step(&mut self) {
        self.id = Uuid::new_v5(&self.id, self.piece.as_bytes());
    }
}
