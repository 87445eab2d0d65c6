//! One event: every part that the server sends to.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::addresses;
use super::destination::AddressKind;
use super::overrides;
use super::recipient_guard::RecipientGuard;
use crate::invalid::Invalid;
use crate::json::{Edit, edit_object};
use crate::request::EventBody;

/// Checks an event. Returns it as it may be sent, which differs only if the guard redirects.
///
/// # Errors
///
/// If it must not be sent.
pub(super) fn guard<'a>(guard: &RecipientGuard, event: &'a EventBody<'a>) -> Result<EventBody<'a>, Invalid> {
    let same = |part: &'a Cow<'a, RawValue>| Cow::Borrowed(&**part);
    let to = match &event.to {
        Some(to) => Some(recipients(guard, to)?),
        None if guard.allows_broadcasts_of(&event.name) => None,
        None => return Err(Invalid::new(NO_BROADCAST)),
    };
    Ok(EventBody {
        name: Cow::Borrowed(&*event.name),
        to,
        payload: edit_object(&event.payload, "`payload`", |name, value| payload(guard, name, value))?,
        overrides: event.overrides.as_deref().map(|part| overrides::guard(guard, part)).transpose()?,
        actor: event.actor.as_deref().map(|actor| subscriber(guard, "the actor", actor)).transpose()?,
        tenant: event.tenant.as_ref().map(same),
        transaction_id: Cow::Borrowed(&*event.transaction_id),
    })
}

const NO_BROADCAST: &str = "the client's recipient guard does not allow broadcasts of this workflow; address the event with `to`, \
                            or allow them with `RecipientGuard::allow_broadcasts_of`";

fn payload<'a>(guard: &RecipientGuard, name: &str, value: &RawValue) -> Result<Edit<'a>, Invalid> {
    let kind = match name {
        "email" => AddressKind::Email,
        "phone" => AddressKind::Phone,
        "webhookUrl" => AddressKind::WebhookUrl,
        _ => return Ok(Edit::Keep),
    };
    addresses::guard(guard, kind, &format!("`payload.{name}`"), value)
}

/// Checks the recipients, or replaces them by one.
fn recipients<'a>(guard: &RecipientGuard, to: &'a RawValue) -> Result<Cow<'a, RawValue>, Invalid> {
    let list: Option<Vec<&RawValue>> = serde_json::from_str(to.get()).ok();
    let recipients = list.as_deref().unwrap_or(std::slice::from_ref(&to));
    let mut allowed = Vec::with_capacity(recipients.len());
    for (position, recipient) in recipients.iter().enumerate() {
        match (is_allowed(guard, recipient, position + 1), guard.redirect()) {
            (Ok(()), _) => allowed.push(*recipient),
            (Err(_), Some(_)) => {}
            (Err(invalid), None) => return Err(invalid),
        }
    }
    let Some(redirect) = guard.redirect().filter(|_| allowed.len() < recipients.len()) else {
        return Ok(Cow::Borrowed(to));
    };
    let redirect = raw(redirect)?;
    let is_list = list.is_some();
    allowed.insert(0, &redirect);
    if is_list { raw(&allowed).map(Cow::Owned) } else { Ok(Cow::Owned(redirect)) }
}

fn raw(value: &impl Serialize) -> Result<Box<RawValue>, Invalid> {
    serde_json::value::to_raw_value(value).map_err(|_| Invalid::new("the recipients cannot be written"))
}

fn is_allowed(guard: &RecipientGuard, recipient: &RawValue, number: usize) -> Result<(), Invalid> {
    let not_allowed =
        |what| Invalid::new(format!("recipient {number} is {what} that the client's recipient guard does not allow"));
    if let Ok(id) = serde_json::from_str::<Cow<'_, str>>(recipient.get()) {
        return if guard.allows_subscriber(&id) { Ok(()) } else { Err(not_allowed("a subscriber")) };
    }
    // The server knows a topic by its type; here it must also have no other fields.
    if let Ok(topic) = serde_json::from_str::<Topic<'_>>(recipient.get()) {
        let is_allowed = topic.r#type == "Topic" && guard.allows_topic(&topic.topic_key);
        return if is_allowed { Ok(()) } else { Err(not_allowed("a topic")) };
    }
    let mut is_named = false;
    let subject = format!("recipient {number}");
    edit_object(recipient, &subject, |name, value| match name {
        "subscriberId" => {
            let id = serde_json::from_str::<Cow<'_, str>>(value.get());
            is_named = id.is_ok_and(|id| guard.allows_subscriber(&id));
            if is_named { Ok(Edit::Keep) } else { Err(not_allowed("a subscriber")) }
        }
        name => data(guard, &subject, name, value),
    })?;
    if is_named { Ok(()) } else { Err(not_allowed("an object without a subscriber id")) }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Topic<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    topic_key: Cow<'a, str>,
}

/// Checks the actor. The server does not notify the actor, but stores the addresses and may send to them in the same event.
fn subscriber<'a>(guard: &RecipientGuard, subject: &str, actor: &'a RawValue) -> Result<Cow<'a, RawValue>, Invalid> {
    edit_object(actor, subject, |name, value| match name {
        "subscriberId" => Ok(Edit::Keep),
        name => data(guard, subject, name, value),
    })
}

/// Checks the data of a subscriber. The server updates the stored data, and then sends to the new address.
fn data<'a>(guard: &RecipientGuard, subject: &str, name: &str, value: &RawValue) -> Result<Edit<'a>, Invalid> {
    let field = || format!("`{name}` of {subject}");
    match name {
        "email" => addresses::guard(guard, AddressKind::Email, &field(), value),
        "phone" => addresses::guard(guard, AddressKind::Phone, &field(), value),
        "firstName" | "lastName" | "avatar" | "locale" | "data" => Ok(Edit::Keep),
        _ => guard.reject(format_args!("{subject} has a field that may contain addresses")),
    }
}
