//! The types that `.to(..)` accepts.

use super::{Recipient, RecipientRef, Recipients, Subscriber, Topic};
use crate::id::SubscriberId;

pub(super) mod sealed {
    pub trait Sealed {}
}

/// One recipient, or a list of recipients.
///
/// One recipient is a `&str`, `String`, `Cow<str>`, [`SubscriberId`], [`Subscriber`], [`Topic`] or [`Recipient`]; a list
/// is [`Recipients`], or a `Vec`, array or slice of those types. Each by value or by reference.
///
/// An `Option` is not accepted, because an event must have a recipient: write `if let Some(..)`.
///
/// ```
/// use teleflow::{IntoRecipients, Recipients, Topic};
///
/// let one: Recipients = "ada".into_recipients();
/// let two: Recipients = vec![Topic::new("staff"), Topic::new("press")].into_recipients();
/// assert_eq!((one.len(), two.len()), (1, 2));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a recipient",
    label = "expected a subscriber id, a `Subscriber`, a `Topic`, or a list of them",
    note = "for an `Option`, send only if there is a value: `if let Some(to) = to {{ event.to(to).send(&client).await? }}`",
    note = "for a list of different kinds, collect into `teleflow::Recipients`"
)]
pub trait IntoRecipients: sealed::Sealed + Sized {
    /// Whether this is a list. It is sent as a list even if it has only one recipient.
    #[doc(hidden)]
    const LIST: bool;

    /// Calls `visitor` with each recipient.
    #[doc(hidden)]
    fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>));

    /// Converts to an owned list.
    fn into_recipients(self) -> Recipients {
        let mut recipients = Recipients::new();
        self.visit(&mut |recipient| {
            recipients.push(match recipient {
                RecipientRef::Id(id) => Recipient::Id(id.into()),
                RecipientRef::Subscriber(subscriber) => Recipient::Subscriber(subscriber.clone()),
                RecipientRef::Topic(topic) => Recipient::Topic(topic.clone()),
            });
        });
        recipients
    }
}

/// Implements [`IntoRecipients`] and `Into<Recipient>` for the type of one recipient, by value and by reference.
macro_rules! one_recipient {
    ($([$($life:lifetime)?] $type:ty, $value:ident => $recipient:expr, $borrowed:expr;)*) => {$(
        impl<$($life)?> $crate::recipient::into_recipients::sealed::Sealed for $type {}
        impl<$($life)?> $crate::recipient::into_recipients::sealed::Sealed for &$type {}
        impl<$($life)?> $crate::recipient::into_recipients::sealed::Sealed for &&$type {}

        /// For a field marked `#[teleflow(to)]` that is a reference.
        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for &&$type {
            const LIST: bool = false;

            fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
                (*self).visit(visitor);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for $type {
            const LIST: bool = false;

            fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
                (&self).visit(visitor);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for &$type {
            const LIST: bool = false;

            fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
                let $value = self;
                visitor($borrowed);
            }
        }

        impl<$($life)?> From<$type> for Recipient {
            fn from($value: $type) -> Self {
                $recipient
            }
        }

        impl<$($life)?> From<&$type> for Recipient {
            fn from($value: &$type) -> Self {
                let $value = $value.clone();
                $recipient
            }
        }
    )*};
}

one_recipient! {
    [] SubscriberId, id => Self::Id(id), RecipientRef::Id(id.as_str());
    [] Subscriber, subscriber => Self::Subscriber(subscriber), RecipientRef::Subscriber(subscriber);
    [] Topic, topic => Self::Topic(topic), RecipientRef::Topic(topic);
}

impl From<&Recipient> for Recipient {
    fn from(recipient: &Recipient) -> Self {
        recipient.clone()
    }
}

impl sealed::Sealed for Recipient {}
impl sealed::Sealed for &Recipient {}

#[diagnostic::do_not_recommend]
impl IntoRecipients for Recipient {
    const LIST: bool = false;

    fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
        visitor(RecipientRef::from(&self));
    }
}

#[diagnostic::do_not_recommend]
impl IntoRecipients for &Recipient {
    const LIST: bool = false;

    fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
        visitor(RecipientRef::from(self));
    }
}

/// Implements [`IntoRecipients`] for a list, whose elements are converted one at a time.
macro_rules! recipient_list {
    ($([$($generic:tt)*] $type:ty $(where $item:ty)?;)*) => {$(
        impl<$($generic)*> $crate::recipient::into_recipients::sealed::Sealed for $type {}

        #[diagnostic::do_not_recommend]
        impl<$($generic)*> IntoRecipients for $type $(where $item: Into<Recipient>)? {
            const LIST: bool = true;

            fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
                for item in self {
                    let recipient: Recipient = item.into();
                    visitor(RecipientRef::from(&recipient));
                }
            }
        }
    )*};
}

recipient_list!([] Recipients;);

impl sealed::Sealed for &Recipients {}

#[diagnostic::do_not_recommend]
impl IntoRecipients for &Recipients {
    const LIST: bool = true;

    fn visit(self, visitor: &mut dyn FnMut(RecipientRef<'_>)) {
        for recipient in self {
            visitor(RecipientRef::from(recipient));
        }
    }
}

pub(super) use {one_recipient, recipient_list};
