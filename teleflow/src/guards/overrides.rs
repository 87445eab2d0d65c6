//! The overrides of an event, as far as the server or a provider sends to them.

use std::borrow::Cow;

use serde_json::value::RawValue;
use teleflow_http::sanitize;

use super::addresses;
use super::destination::AddressKind;
use super::recipient_guard::RecipientGuard;
use crate::invalid::Invalid;
use crate::json::{Edit, edit_object};

/// Settings of a channel that name no recipient.
const EMAIL_SETTINGS: [&str; 8] =
    ["from", "senderName", "replyTo", "subject", "text", "html", "ipPoolName", "integrationIdentifier"];
const SMS_SETTINGS: [&str; 3] = ["from", "content", "integrationIdentifier"];

/// Checks the overrides of an event. A name that is not known belongs to a provider, which defines its content.
pub(super) fn guard<'a>(guard: &RecipientGuard, overrides: &'a RawValue) -> Result<Cow<'a, RawValue>, Invalid> {
    edit_object(overrides, "`overrides`", |name, value| match name {
        "delay" | "layoutIdentifier" => Ok(Edit::Keep),
        name if guard.allows_overrides_of(name) => Ok(Edit::Keep),
        "email" => edit_object(value, "`overrides.email`", |name, value| email(guard, name, value)).map(Edit::Replace),
        "sms" => edit_object(value, "`overrides.sms`", |name, value| sms(guard, name, value)).map(Edit::Replace),
        name => reject(guard, name),
    })
}

fn email<'a>(guard: &RecipientGuard, name: &str, value: &'a RawValue) -> Result<Edit<'a>, Invalid> {
    match name {
        "to" | "cc" | "bcc" => addresses::guard(guard, AddressKind::Email, &format!("`overrides.email.{name}`"), value),
        "headers" => edit_object(value, "`overrides.email.headers`", |name, _| header(guard, name)).map(Edit::Replace),
        name if EMAIL_SETTINGS.contains(&name) => Ok(Edit::Keep),
        name => reject(guard, &format!("email.{name}")),
    }
}

/// Some providers send to the addresses in these headers.
fn header<'a>(guard: &RecipientGuard, name: &str) -> Result<Edit<'a>, Invalid> {
    let lower = name.trim().to_ascii_lowercase();
    let is_recipient = matches!(lower.as_str(), "to" | "cc" | "bcc" | "apparently-to") || lower.starts_with("resent-");
    if is_recipient || lower.contains(char::is_control) { reject(guard, "email.headers") } else { Ok(Edit::Keep) }
}

fn sms<'a>(guard: &RecipientGuard, name: &str, value: &RawValue) -> Result<Edit<'a>, Invalid> {
    match name {
        "to" => addresses::guard(guard, AddressKind::Phone, "`overrides.sms.to`", value),
        name if SMS_SETTINGS.contains(&name) => Ok(Edit::Keep),
        name => reject(guard, &format!("sms.{name}")),
    }
}

fn reject<'a>(guard: &RecipientGuard, name: &str) -> Result<Edit<'a>, Invalid> {
    guard.reject(format_args!("`overrides.{}` may contain addresses", sanitize::text(name)))
}
