//! Subscribers with their data.

use std::fmt;

use serde::Serialize;

use super::validate::{is_plausible_email, is_plausible_locale};
use crate::id::SubscriberId;
use crate::invalid::Invalid;
use crate::json::JsonData;
use crate::payload_type::{Unknown, object};

/// A subscriber: a person who can be notified, with the data that the server stores for them.
///
/// The server creates an unknown subscriber, updates the fields that are set, and leaves the others unchanged. A bare id,
/// `"ada"`, is enough if nothing is to be updated.
///
/// The server validates `email` and `locale`. For an actor it responds with 400; a recipient its worker drops silently.
/// So an event is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if an e-mail address does not look like
/// `ada@example.com` (for example with a display name, or a domain without a dot), or if a locale does not look like `en`
/// or `en-GB`. The server's finer rules differ between its versions: see [`Receipt`](crate::Receipt).
///
/// `Debug` shows only the id.
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

/// The optional fields, boxed because most subscribers have none.
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
    data: Option<JsonData>,
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

macro_rules! string_fields {
    ($($(#[$doc:meta])* $field:ident, $maybe:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<String>) -> Self {
            self.profile.get_or_insert_default().$field = Some($field.into());
            self
        }

        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") if there is a value.")]
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
    /// Creates a subscriber with this id.
    #[must_use]
    pub fn new(id: impl Into<SubscriberId>) -> Self {
        Self { subscriber_id: id.into(), profile: None }
    }

    string_fields! {
        /// Sets the e-mail address.
        email, maybe_email;
        /// Sets the phone number for SMS in international format, such as `+4930123456`.
        phone, maybe_phone;
        /// Sets the first name.
        first_name, maybe_first_name;
        /// Sets the last name.
        last_name, maybe_last_name;
        /// Sets the URL of a picture.
        avatar, maybe_avatar;
        /// Sets the language and region for rendering, such as `en-GB`.
        locale, maybe_locale;
    }

    /// Sets the application's own data. It must serialize to a JSON object, by the rules of a payload.
    #[must_use]
    pub fn data(mut self, data: impl Serialize) -> Self {
        self.profile.get_or_insert_default().data = Some(JsonData::of(&data));
        self
    }

    /// Sets [`data`](Self::data) if there is a value.
    #[must_use]
    pub fn maybe_data(self, data: Option<impl Serialize>) -> Self {
        match data {
            Some(data) => self.data(data),
            None => self,
        }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &SubscriberId {
        &self.subscriber_id
    }

    /// The error lacks its subject, such as `recipient 2`.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        SubscriberId::validate(self.subscriber_id.as_str())?;
        let Some(profile) = &self.profile else {
            return Ok(());
        };
        if profile.email.as_deref().is_some_and(|email| !is_plausible_email(email)) {
            return Err(Invalid::new(
                "has a malformed e-mail address, which must look like `name@domain.tld`, without a display name and \
                 without spaces",
            ));
        }
        if profile.locale.as_deref().is_some_and(|locale| !is_plausible_locale(locale)) {
            return Err(Invalid::new("has a malformed locale, which must look like `en` or `en-GB`"));
        }
        let data = profile.data.as_ref().map_or(Ok(()), JsonData::validate);
        data.map_err(|invalid| invalid.named("data").with_subject("has data that cannot be sent:"))
    }
}

/// Shows only the id.
impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").field("id", &self.subscriber_id.as_str()).finish_non_exhaustive()
    }
}

impl From<SubscriberId> for Subscriber {
    fn from(id: SubscriberId) -> Self {
        Self::new(id)
    }
}

impl From<&SubscriberId> for Subscriber {
    fn from(id: &SubscriberId) -> Self {
        Self::new(id)
    }
}

impl From<&Subscriber> for Subscriber {
    fn from(subscriber: &Subscriber) -> Self {
        subscriber.clone()
    }
}
