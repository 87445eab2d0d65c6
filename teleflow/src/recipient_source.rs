//! Where an event gets its recipients from: `.to(..)`, or a field of the payload.

use crate::recipient::{IntoRecipients, RecipientRef};
use crate::workflow_payload::HasRecipientField;

/// The recipients in the payload's field marked `#[teleflow(to)]`, as the type of an event's recipients.
///
/// ```
/// use teleflow::{Event, FieldRecipients, TeleflowWorkflow};
///
/// #[derive(serde::Serialize, TeleflowWorkflow)]
/// #[teleflow(trigger = "welcome")]
/// struct Welcome {
///     #[teleflow(to)]
///     user: String,
/// }
///
/// fn welcome(user: &str) -> Event<Welcome, FieldRecipients> {
///     Welcome { user: user.to_owned() }.event()
/// }
/// # let _ = welcome("ada");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldRecipients;

/// Recipients, and the function that visits them.
///
/// With the function as a value, [`Event`](crate::Event) needs no bound on `R` on its methods. So a wrong type of
/// recipient is only one compile error, at `.to(..)`.
pub(crate) struct RecipientSource<W, R> {
    recipients: R,
    is_list: bool,
    visit: Visit<W, R>,
}

type Visit<W, R> = fn(&W, R, &mut dyn FnMut(RecipientRef<'_>));

impl<W, R: IntoRecipients> RecipientSource<W, R> {
    pub(crate) fn new(recipients: R) -> Self {
        Self { recipients, is_list: R::LIST, visit: |_, recipients, visitor| recipients.visit(visitor) }
    }
}

impl<W: HasRecipientField> RecipientSource<W, FieldRecipients> {
    pub(crate) fn of_field(payload: &W) -> Self {
        Self {
            recipients: FieldRecipients,
            is_list: payload.recipients_of_field().is_list(),
            visit: |payload, FieldRecipients, visitor| payload.recipients_of_field().visit_recipients(visitor),
        }
    }
}

impl<W, R> RecipientSource<W, R> {
    /// Whether the recipients are sent as a list, even if there is only one.
    pub(crate) fn is_list(&self) -> bool {
        self.is_list
    }

    pub(crate) fn visit(self, payload: &W, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
        (self.visit)(payload, self.recipients, visitor);
    }
}
