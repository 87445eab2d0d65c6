//! Recipients that the server's worker would drop are rejected; values that some server version accepts are sent.

use serde_json::json;
use teleflow::{Bulk, Client, ErrorKind, Event, Recipients, Subscriber, TeleflowWorkflow, Topic};
use teleflow_emulator::{Emulator, Workflow};

/// validator.js 13.9.0 and 13.15.23 reject these.
const BAD_EMAILS: [&str; 40] = [
    "",
    " ",
    "\u{a0}",
    "bad",
    "ada.example.com",
    " ada@example.com",
    "\tada@example.com",
    "ada@example.com ",
    "ada@example.com\n",
    "ada@example.com\u{3000}",
    "ada@example.com\u{85}",
    "@example.com",
    "ada@",
    "ada@localhost",
    "Ada <ada@example.com>",
    "<ada@example.com>",
    "\"Ada\" <ada@example.com>",
    "mailto:ada@example.com",
    "a b@example.com",
    "ada@exam ple.com",
    "ada@example.com,eve@example.com",
    "ada@example.com;eve@example.com",
    "ada@example.com;",
    "ada@example.com,",
    "ada,eve@example.com",
    "ada@@example.com",
    "ada@eve@example.com",
    "ada@example..com",
    "ada@.example",
    "ada@example.com.",
    ".ada@example.com",
    "ada.@example.com",
    "a..b@example.com",
    "(ada)@example.com",
    "ada@-example.com",
    "ada@example-.com",
    "ada@exam_ple.com",
    "ada@[1.2.3.4]",
    "ada@example.com:25",
    "a\"b@example.com",
];
const BAD_LOCALES: [&str; 12] =
    ["", " ", "C", "x", "en-", "-en", "en--GB", "en GB", "en-GB ", "1", "d\u{e9}", "de-abcdefghi"];

/// validator.js 13.9.0 or 13.15.23 accepts these.
const GOOD_EMAILS: [&str; 17] = [
    "ada@example.com",
    "\u{a0}ada@example.com",
    "\"a b\"@example.com",
    "\"a@b,c;<d>\"@example.com",
    "\"\"@example.com",
    "ä@exämple.de",
    "用户@例子.广告",
    "ada@xn--bcher-kva.example",
    "ada@xn--bcher-kva.xn--vermgensberatung-pwb",
    "ada+tag@example.com",
    "ada@example.photography",
    "ada@1.2.example.co.uk",
    "ada@a-b--c.example.com",
    "!#$%&'*+-/=?^_`{|}~@example.com",
    "a.b.c@example.com",
    "ADA@EXAMPLE.COM",
    "_@example.com",
];
/// One version of the server rejects each of these, and another accepts it.
const DISPUTED_LOCALES: [&str; 12] = [
    "en",
    "en-GB",
    "de_DE",
    "english",
    "de-DE-1996",
    "en_US_POSIX",
    "ca_ES_VALENCIA",
    "zh-Hant-TW",
    "es-419",
    "x-private",
    "i-klingon",
    "root",
];

fn event(to: impl teleflow::IntoRecipients) -> teleflow::Result<teleflow::Request> {
    Event::untyped("welcome", json!({})).to(to).into_request()
}

fn assert_rejected(result: teleflow::Result<teleflow::Request>, phrases: &[&str], value: &str) {
    let error = result.expect_err(value);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    let text = error.to_string();
    for phrase in phrases {
        assert!(text.contains(phrase), "no {phrase} in: {text}");
    }
    assert!(!text.contains("example") && !text.contains("abcdefghi"), "the value is printed: {text}");
}

#[test]
fn emails_and_locales_that_no_server_accepts_are_rejected_with_their_position() {
    let email = BAD_EMAILS.map(|value| ("e-mail", value, Subscriber::new("bad").email(value)));
    let locale = BAD_LOCALES.map(|value| ("locale", value, Subscriber::new("bad").locale(value)));
    for (field, value, bad) in email.into_iter().chain(locale) {
        let good = Subscriber::new("ada").email("ada@example.com").locale("en-GB");
        assert_rejected(event(&bad), &["recipient 1", field], value);
        assert_rejected(event([&good, &bad]), &["recipient 2", field], value);
        let mut mixed: Recipients = ["ada"].into_iter().collect();
        mixed.push(Topic::new("staff"));
        mixed.push(&bad);
        assert_rejected(event(mixed), &["recipient 3", field], value);
        let actor = Event::untyped("welcome", json!({})).to("ada").actor(&bad);
        assert_rejected(actor.into_request(), &["actor", field], value);
        let broadcast = teleflow::Broadcast::untyped("welcome", json!({})).actor(&bad);
        assert_rejected(broadcast.into_request(), &["actor", field], value);
    }
}

#[test]
fn values_that_some_server_accepts_are_sent() {
    for email in GOOD_EMAILS {
        event(Subscriber::new("ada").email(email)).expect(email);
    }
    for locale in DISPUTED_LOCALES {
        event(Subscriber::new("ada").locale(locale)).expect(locale);
    }
    for phone in ["", " ", "+49 30", "none"] {
        event(Subscriber::new("ada").phone(phone).first_name("").avatar(" ")).expect(phone);
    }
}

#[test]
fn a_recipient_or_an_actor_from_a_field_is_checked_too() {
    #[derive(serde::Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "welcome")]
    struct Welcome {
        #[teleflow(to)]
        #[serde(skip)]
        to: Vec<Subscriber>,
        #[teleflow(actor)]
        #[serde(skip)]
        by: Option<Subscriber>,
    }
    let client = Client::builder().transport(Emulator::new()).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let bad = || Subscriber::new("ben").email("bad");
    for (welcome, word) in [
        (Welcome { to: vec!["ada".into(), bad()], by: None }, "recipient 2"),
        (Welcome { to: vec!["ada".into()], by: Some(bad()) }, "actor"),
    ] {
        let error = runtime.block_on(welcome.send(&client)).unwrap_err();
        assert!(error.kind() == ErrorKind::Invalid && error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn in_a_bulk_only_the_event_with_a_malformed_recipient_is_rejected() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let to = ["ada@example.com", "bad", "eve@example.com"].map(|email| Subscriber::new("ada").email(email));
    let bulk: Bulk = to.into_iter().map(|to| Event::untyped("welcome", json!({})).to(to)).collect();
    let report = bulk.send(&client).await;
    let rejected: Vec<_> = report.errors().map(|(position, error)| (position, error.kind())).collect();
    assert_eq!(rejected, [(1, ErrorKind::Invalid)]);
    assert_eq!(emulator.jobs().len(), 2);
}

#[test]
fn maybe_setters_set_some_and_ignore_none() {
    let none: Option<String> = None;
    let full = Subscriber::new("ada").email("ada@example.com").phone("1").first_name("Ada").last_name("L").avatar("a");
    let full = full.locale("en").data(json!({"plan": "gold"}));
    let unchanged = full.clone().maybe_email(none.clone()).maybe_phone(none.clone()).maybe_first_name(none.clone());
    let unchanged = unchanged.maybe_last_name(none.clone()).maybe_avatar(none.clone()).maybe_locale(none.clone());
    assert_eq!(unchanged.maybe_data(None::<()>), full);
    let same = Subscriber::new("ada").maybe_email(Some("ada@example.com")).maybe_phone(Some("1"));
    let same = same.maybe_first_name(Some(String::from("Ada"))).maybe_last_name(Some("L")).maybe_avatar(Some("a"));
    assert_eq!(same.maybe_locale(Some("en")).maybe_data(Some(json!({"plan": "gold"}))), full);
    let acme = teleflow::Tenant::new("acme").name("Acme").data(json!({}));
    assert_eq!(acme.clone().maybe_name(none).maybe_data(None::<()>), acme);
    assert_eq!(teleflow::Tenant::new("acme").maybe_name(Some("Acme")).maybe_data(Some(json!({}))), acme);
}
