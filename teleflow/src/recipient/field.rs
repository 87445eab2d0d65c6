//! The type of a field marked `#[teleflow(to)]`.

use super::RecipientRef;
use super::into_recipients::IntoRecipients;

/// The type of a field marked `#[teleflow(to)]`: one recipient, or several.
///
/// ```
/// fn is_a_recipient(_: &impl teleflow::derive::RecipientField) {}
///
/// is_a_recipient(&vec!["ada".to_owned(), "ben".to_owned()]);
/// ```
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot be the recipient",
    label = "expected a subscriber id (`String`, `SubscriberId`), a `Subscriber`, a `Topic`, `Recipients`, or a `Vec` of them"
)]
pub trait RecipientField {
    /// Whether the field is sent as a list.
    #[doc(hidden)]
    fn is_list(&self) -> bool;

    /// Calls `visitor` with each recipient.
    #[doc(hidden)]
    fn visit_recipients(&self, visitor: &mut dyn FnMut(RecipientRef<'_>));

    /// The field, without its type.
    #[doc(hidden)]
    fn recipients_of_field(&self) -> &dyn RecipientField;
}

#[diagnostic::do_not_recommend]
impl<T> RecipientField for T
where
    for<'a> &'a T: IntoRecipients,
{
    fn is_list(&self) -> bool {
        fn is_list<R: IntoRecipients>(_: R) -> bool {
            R::LIST
        }
        is_list(self)
    }

    fn visit_recipients(&self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
        self.visit(visitor);
    }

    fn recipients_of_field(&self) -> &dyn RecipientField {
        self
    }
}
