//! Overrides that the server would misread or ignore.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{EmailOverrides, Error, ErrorKind, Event, Overrides, SmsOverrides};

fn sent_overrides(overrides: Overrides) -> Result<Value, Error> {
    let request = Event::untyped("welcome", json!({})).to("ada").overrides(overrides).into_request()?;
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    Ok(body["overrides"].clone())
}

fn assert_rejected(overrides: Overrides, phrases: &[&str]) {
    let error = sent_overrides(overrides).expect_err(phrases[0]);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    let text = error.to_string();
    for phrase in phrases {
        assert!(text.contains(phrase), "no {phrase} in: {text}");
    }
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

#[test]
fn a_channel_or_a_provider_that_is_set_twice_is_rejected() {
    let email = || EmailOverrides::new().subject("Shipped");
    let sms = || SmsOverrides::new().from("Acme");
    let any = || json!({"subject": "Delivered"});
    let new = Overrides::new;
    assert_rejected(new().email(email()).provider("email", any()), &["`overrides.email`", "twice"]);
    assert_rejected(new().provider("email", any()).email(email()), &["`overrides.email`", "twice"]);
    assert_rejected(new().email(email()).email(email()), &["`overrides.email`", "twice"]);
    assert_rejected(new().sms(sms()).provider("sms", any()), &["`overrides.sms`", "twice"]);
    assert_rejected(new().provider("fcm", any()).provider("apns", any()).provider("fcm", any()), &["`overrides.fcm`"]);
    let once = new().provider("email", any()).sms(sms()).provider("sendgrid", any()).provider("chat", any());
    let expected = json!({"email": any(), "sms": {"from": "Acme"}, "sendgrid": any(), "chat": any()});
    assert_eq!(sent_overrides(once).unwrap(), expected);
}

#[test]
fn a_name_that_the_server_does_not_read_is_rejected() {
    for name in ["", " ", "\t", "push", "in_app", "delay", "layoutIdentifier"] {
        assert_rejected(Overrides::new().provider(name, json!({})), &["overrides"]);
    }
    for name in ["toString", "valueOf", "hasOwnProperty", "__defineGetter__", "constructor", "__proto__", "_bsontype"] {
        assert_rejected(Overrides::new().provider(name, json!({})), &[&format!("`overrides.{name}`"), "reserved key"]);
    }
    assert_rejected(Overrides::new().provider("a\0b", json!({})), &["reserved key"]);
    for name in ["fcm", "one-signal", "email", "chat", "then", "toJSON"] {
        assert_eq!(sent_overrides(Overrides::new().provider(name, json!({}))).unwrap(), json!({name: {}}));
    }
}

#[test]
fn maybe_setters_set_some_and_ignore_none() {
    let none: Option<String> = None;
    let email = EmailOverrides::new().maybe_from(none.clone()).maybe_sender_name(none.clone());
    let email = email.maybe_reply_to(none.clone()).maybe_subject(none.clone()).maybe_text(none.clone());
    let email = email.maybe_html(none.clone()).maybe_ip_pool_name(none.clone()).maybe_header("a", none.clone());
    let email = email.maybe_integration_identifier(none.clone()).maybe_custom_data(None::<()>);
    assert_eq!(email, EmailOverrides::new());
    let email = email.maybe_subject(Some("Shipped")).maybe_header("X-Order", Some("A-7"));
    let sms = SmsOverrides::new().maybe_to(none.clone()).maybe_content(none.clone()).maybe_from(Some("Acme"));
    let sms = sms.maybe_integration_identifier(none.clone()).maybe_custom_data(Some(json!({"a": 1})));
    let nothing = Overrides::new().maybe_email(None).maybe_sms(None).maybe_delay(None).maybe_layout(none);
    let nothing = nothing.maybe_provider("fcm", None::<()>);
    assert_eq!(sent_overrides(nothing.clone()).unwrap(), json!({}));
    let all = nothing.maybe_email(Some(email)).maybe_sms(Some(sms)).maybe_delay(Some(Duration::from_secs(1)));
    let all = all.maybe_layout(Some("christmas")).maybe_provider("fcm", Some(json!({"badge": 1})));
    let expected = json!({
        "email": {"subject": "Shipped", "headers": {"X-Order": "A-7"}},
        "sms": {"from": "Acme", "customData": {"a": 1}},
        "delay": {"amount": 1, "unit": "seconds"},
        "layoutIdentifier": "christmas",
        "fcm": {"badge": 1},
    });
    assert_eq!(sent_overrides(all).unwrap(), expected);
}
