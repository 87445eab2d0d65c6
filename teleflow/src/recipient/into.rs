//! What can be handed to `.to(..)`.

use std::borrow::Cow;

use super::{Recipient, RecipientRef, Recipients, Subscriber, Topic};
use crate::id::SubscriberId;

mod sealed {
    pub trait Sealed {}
}

/// What can be handed to `.to(..)`: one recipient, or a list of them.
///
/// One: `&str`, `String`, `Cow<str>`, [`SubscriberId`], [`Subscriber`], [`Topic`], [`Recipient`]. Many:
/// [`Recipients`], and `Vec`, arrays and slices of the former. Each by value or by reference. An
/// `Option` is none of them: an event to nobody is not an event; write `if let Some(..)`.
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
    note = "for an `Option`, send only if it is there: `if let Some(to) = to {{ event.to(to).send(&client).await? }}`",
    note = "for lists of mixed kinds collect into `teleflow::Recipients`"
)]
pub trait IntoRecipients: sealed::Sealed + Sized {
    /// Whether this is a list, which is sent as one even if it holds one recipient.
    #[doc(hidden)]
    const LIST: bool;

    /// Shows each recipient in turn.
    #[doc(hidden)]
    fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>));

    /// The recipients as a list of their own.
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

/// Recipients as they were given, and how to look at them.
///
/// The function stands beside them so that what is done with an event asks for no bound of its own: a
/// recipient that is none is then one error, at `.to(..)`.
pub(crate) struct Given<R> {
    recipients: R,
    list: bool,
    visit: Visit<R>,
}

type Visit<R> = fn(R, &mut dyn FnMut(RecipientRef<'_>));

impl<R: IntoRecipients> Given<R> {
    pub(crate) fn new(recipients: R) -> Self {
        Self { recipients, list: R::LIST, visit: R::visit }
    }
}

impl<R> Given<R> {
    pub(crate) fn is_list(&self) -> bool {
        self.list
    }

    pub(crate) fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
        (self.visit)(self.recipients, see);
    }
}

/// One recipient, from each type by value and by reference; `$see` borrows it as a [`RecipientRef`].
macro_rules! one {
    ($([$($life:lifetime)?] $type:ty, $value:ident => $recipient:expr, $see:expr;)*) => {$(
        impl<$($life)?> sealed::Sealed for $type {}
        impl<$($life)?> sealed::Sealed for &$type {}
        impl<$($life)?> sealed::Sealed for &&$type {}

        /// For a field that is a reference itself.
        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for &&$type {
            const LIST: bool = false;

            fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
                (*self).visit(see);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for $type {
            const LIST: bool = false;

            fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
                (&self).visit(see);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($life)?> IntoRecipients for &$type {
            const LIST: bool = false;

            fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
                let $value = self;
                see($see);
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

one! {
    ['a] &'a str, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
    [] String, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
    ['a] Cow<'a, str>, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
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

    fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
        see(RecipientRef::from(&self));
    }
}

#[diagnostic::do_not_recommend]
impl IntoRecipients for &Recipient {
    const LIST: bool = false;

    fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
        see(RecipientRef::from(self));
    }
}

/// A list, whose items become recipients one at a time.
macro_rules! list {
    ($([$($generic:tt)*] $type:ty $(where $item:ty)?;)*) => {$(
        impl<$($generic)*> sealed::Sealed for $type {}

        #[diagnostic::do_not_recommend]
        impl<$($generic)*> IntoRecipients for $type $(where $item: Into<Recipient>)? {
            const LIST: bool = true;

            fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
                for item in self {
                    let recipient: Recipient = item.into();
                    see(RecipientRef::from(&recipient));
                }
            }
        }
    )*};
}

list! {
    [] Recipients;
    [T] Vec<T> where T;
    ['a, T] &'a Vec<T> where &'a T;
    ['a, T] &'a [T] where &'a T;
    [T, const N: usize] [T; N] where T;
    ['a, T, const N: usize] &'a [T; N] where &'a T;
}

impl sealed::Sealed for &Recipients {}

#[diagnostic::do_not_recommend]
impl IntoRecipients for &Recipients {
    const LIST: bool = true;

    fn visit(self, see: &mut dyn FnMut(RecipientRef<'_>)) {
        for recipient in self {
            see(RecipientRef::from(recipient));
        }
    }
}
