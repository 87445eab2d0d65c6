//! A subscriber and its data.

use std::borrow::Cow;

use serde::Serialize;

use crate::form::{Unknown, object};
use crate::id::SubscriberId;
use crate::json::Json;

/// A subscriber: somebody who can be notified, and what the server shall know of them.
///
/// The server creates a subscriber that it does not know and updates the fields that are given here;
/// fields left out stay as they were. (`create-subscriber.command.ts`, `update-subscriber.usecase.ts`.)
/// A bare id, `"ada"`, does where nothing is to be updated.
///
/// The server takes an `email` only if it looks like one and a `locale` only in a form like `en` or
/// `en-US`; where it does not, it refuses an actor at once, and a recipient later, in its worker.
///
/// ```
/// use teleflow::Subscriber;
///
/// let ada = Subscriber::new("ada")
///     .email("ada@example.com")
///     .first_name("Ada")
///     .locale("en-GB")
///     .data(serde_json::json!({"plan": "gold"}));
/// assert_eq!(ada.id().as_str(), "ada");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscriber {
    subscriber_id: SubscriberId,
    #[serde(flatten)]
    profile: Option<Box<Profile>>,
}

/// What most subscribers of most events come without.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Json>,
}

object!(Subscriber, "Subscriber" {
    0 always "subscriberId": SubscriberId,
    1 perhaps "email": str,
    2 perhaps "phone": str,
    3 perhaps "firstName": str,
    4 perhaps "lastName": str,
    5 perhaps "avatar": str,
    6 perhaps "locale": str,
    7 perhaps "data": Unknown;
    8
});

macro_rules! text_fields {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<String>) -> Self {
            self.profile.get_or_insert_default().$field = Some($field.into());
            self
        }
    )*};
}

impl Subscriber {
    /// The subscriber with this id.
    #[must_use]
    pub fn new(id: impl Into<SubscriberId>) -> Self {
        Self { subscriber_id: id.into(), profile: None }
    }

    text_fields! {
        /// Where e-mail goes.
        email,
        /// Where SMS go, in international form, such as `+4930123456`.
        phone,
        /// The first name.
        first_name,
        /// The last name.
        last_name,
        /// The URL of a picture.
        avatar,
        /// The language and region in which to render, such as `en-GB`.
        locale,
    }

    /// Data of the application's: what serializes to a JSON object, under the rules of a payload.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.profile.get_or_insert_default().data = Some(Json::of(&data));
        self
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &SubscriberId {
        &self.subscriber_id
    }

    /// What the server could not make sense of, as the end of a sentence about this subscriber.
    pub(crate) fn fault(&self) -> Option<String> {
        if let Some(fault) = SubscriberId::fault(self.subscriber_id.as_str()) {
            return Some(String::from(fault));
        }
        let fault = self.profile.as_ref()?.data.as_ref()?.fault()?;
        Some(format!("has data that cannot be sent: {}", fault.of("data")))
    }
}

macro_rules! from_id {
    ($($id:ty),* $(,)?) => {$(
        impl From<$id> for Subscriber {
            fn from(id: $id) -> Self {
                Self::new(id)
            }
        }
    )*};
}

from_id!(&str, String, &String, Cow<'_, str>, SubscriberId, &SubscriberId);

impl From<&Subscriber> for Subscriber {
    fn from(subscriber: &Subscriber) -> Self {
        subscriber.clone()
    }
}
