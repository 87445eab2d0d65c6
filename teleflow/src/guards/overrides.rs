//! The overrides of an event, as far as the server or a provider sends to them.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;
use teleflow_http::sanitize;

use super::addresses;
use super::destination::AddressKind;
use super::recipient_guard::RecipientGuard;
use crate::invalid::Invalid;
use crate::json::{Edit, edit_object};

/// Settings of a channel that name no recipient.
const EMAIL_SETTINGS: [&str; 4] = ["text", "html", "ipPoolName", "integrationIdentifier"];
const SMS_SETTINGS: [&str; 3] = ["from", "content", "integrationIdentifier"];
/// Settings that become a header of the e-mail.
const HEADER_SETTINGS: [&str; 4] = ["from", "senderName", "replyTo", "subject"];
/// Headers whose addresses are not sent to.
const SAFE_HEADERS: [&str; 8] =
    ["from", "in-reply-to", "message-id", "references", "reply-to", "sender", "subject", "list-unsubscribe"];

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
        "headers" => {
            edit_object(value, "`overrides.email.headers`", |name, value| header(guard, name, value)).map(Edit::Replace)
        }
        name if HEADER_SETTINGS.contains(&name) => {
            if is_one_line(value) {
                Ok(Edit::Keep)
            } else {
                reject(guard, &format!("email.{name}"))
            }
        }
        name if EMAIL_SETTINGS.contains(&name) => Ok(Edit::Keep),
        name => reject(guard, &format!("email.{name}")),
    }
}

/// Some providers send to the addresses in headers: in those of RFC 5322, and in their own ones such as `X-MC-BccAddress`.
fn header<'a>(guard: &RecipientGuard, name: &str, value: &RawValue) -> Result<Edit<'a>, Invalid> {
    let lower = name.trim().to_ascii_lowercase();
    let is_name =
        !lower.is_empty() && lower.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_recipient = matches!(lower.as_str(), "to" | "cc" | "bcc" | "apparently-to") || lower.starts_with("resent-");
    let is_safe = SAFE_HEADERS.contains(&lower.as_str()) && is_one_line(value);
    if is_name && !is_recipient && (is_safe || has_no_address(value)) {
        Ok(Edit::Keep)
    } else {
        reject(guard, "email.headers")
    }
}

/// Whether a text cannot add a header to an e-mail. `null` is not a setting.
fn is_one_line(value: &RawValue) -> bool {
    match serde_json::from_str(value.get()) {
        Ok(Value::String(text)) => !text.contains(char::is_control),
        Ok(Value::Null) => true,
        _ => false,
    }
}

/// Whether the value of a header has no character with which an address could be written, also in JSON or encoded.
fn has_no_address(value: &RawValue) -> bool {
    let is_plain = |c: char| !c.is_control() && !"@\\%=&\"{}[]<>".contains(c) && (c.is_ascii() || c.is_alphanumeric());
    matches!(serde_json::from_str(value.get()), Ok(Value::String(text)) if text.chars().all(is_plain))
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
