//! A subscriber and its data.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::id::SubscriberId;
use crate::json::Json;
use crate::payload_type::{Unknown, object};

use super::validate::{is_plausible_email, is_plausible_locale};

/// A subscriber: somebody who can be notified, and what the server shall know of them.
///
/// The server creates a subscriber that it does not know and updates the fields that are given here;
/// fields left out stay as they were. A bare id, `"ada"`, does where nothing is to be updated.
///
/// The server checks `email` and `locale`. It answers 400 if those of an actor fail, but its worker drops
/// a recipient whose values fail, and says nothing. So an event is
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if an e-mail address is not of the form `ada@example.com`
/// (also if it has a name before it or a domain without a dot), or if a locale does not consist of letters and
/// digits like `en` or `en-GB`. The server's finer rules differ between its versions: see [`Receipt`](crate::Receipt).
///
/// `Debug` shows the id alone.
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
// Source: create-subscriber.command.ts, update-subscriber.usecase.ts.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscriber {
    subscriber_id: SubscriberId,
    #[serde(flatten)]
    profile: Option<Box<Profile>>,
}

/// What most subscribers of most events come without.
#[derive(Clone, PartialEq, Default, Serialize)]
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
    1 skippable "email": str,
    2 skippable "phone": str,
    3 skippable "firstName": str,
    4 skippable "lastName": str,
    5 skippable "avatar": str,
    6 skippable "locale": str,
    7 skippable "data": Unknown;
    8
});

macro_rules! text_fields {
    ($($(#[$doc:meta])* $field:ident, $maybe:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<String>) -> Self {
            self.profile.get_or_insert_default().$field = Some($field.into());
            self
        }

        #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), ") if there is a value; otherwise the subscriber stays as it is.")]
        #[must_use]
        pub fn $maybe(self, $field: Option<impl Into<String>>) -> Self {
            match $field {
                Some(value) => self.$field(value),
                None => self,
            }
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
        email, maybe_email;
        /// Where SMS go, in international form, such as `+4930123456`.
        phone, maybe_phone;
        /// The first name.
        first_name, maybe_first_name;
        /// The last name.
        last_name, maybe_last_name;
        /// The URL of a picture.
        avatar, maybe_avatar;
        /// The language and region in which to render, such as `en-GB`.
        locale, maybe_locale;
    }

    /// Data of the application's: what serializes to a JSON object, under the rules of a payload.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.profile.get_or_insert_default().data = Some(Json::of(&data));
        self
    }

    /// [`data`](Self::data) if there is a value; otherwise the subscriber stays as it is.
    #[must_use]
    pub fn maybe_data(self, data: Option<impl Serialize>) -> Self {
        match data {
            Some(data) => self.data(data),
            None => self,
        }
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
        let profile = self.profile.as_ref()?;
        if profile.email.as_deref().is_some_and(|email| !is_plausible_email(email)) {
            return Some(String::from(
                "has a malformed e-mail address, which must look like `name@domain.tld`, without a name before it and \
                 without spaces",
            ));
        }
        if profile.locale.as_deref().is_some_and(|locale| !is_plausible_locale(locale)) {
            return Some(String::from("has a malformed locale, which must look like `en` or `en-GB`"));
        }
        let fault = profile.data.as_ref()?.fault()?;
        Some(format!("has data that cannot be sent: {}", fault.of("data")))
    }
}

/// Shows the id alone.
impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").field("id", &self.subscriber_id.as_str()).finish_non_exhaustive()
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
