//! Overrides: addresses of e-mails and SMS, and what providers define.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{EmailOverrides, Overrides, RecipientGuard, Request, SmsOverrides};

use super::{assert_refused, assert_sent, event, only_ada};

fn with(overrides: Overrides) -> teleflow::Result<Request> {
    event(json!({})).to("ada").overrides(overrides).into_request()
}

#[tokio::test]
async fn settings_without_recipients_are_sent() {
    let email = EmailOverrides::new().from("shop@example.org").sender_name("Shop").reply_to("help@example.org");
    let email =
        email.subject("Hi").text("t").html("h").ip_pool_name("p").integration_identifier("i").header("X-A", "b");
    let sms = SmsOverrides::new().from("Shop").content("c").integration_identifier("i");
    let overrides = Overrides::new().email(email).sms(sms).layout("plain").delay(Duration::from_secs(1));
    assert_sent(only_ada(), with(overrides)).await;
}

#[tokio::test]
async fn addresses_in_overrides_must_be_allowed() {
    let allowed = EmailOverrides::new().to(["ada@example.com"]).cc(["ada@example.com"]).bcc(["ada@example.com"]);
    assert_sent(only_ada(), with(Overrides::new().email(allowed).sms(SmsOverrides::new().to("+44")))).await;

    let evil = ["ada@example.com", "evil@example.com"];
    for (email, name) in [
        (EmailOverrides::new().to(evil), "to"),
        (EmailOverrides::new().cc(evil), "cc"),
        (EmailOverrides::new().bcc(evil), "bcc"),
    ] {
        let reason = format!("`overrides.email.{name}` is an address");
        assert_refused(only_ada(), with(Overrides::new().email(email)), &reason).await;
    }
    let sms = Overrides::new().sms(SmsOverrides::new().to("+99"));
    assert_refused(only_ada(), with(sms), "`overrides.sms.to` is an address").await;
}

#[tokio::test]
async fn headers_that_name_recipients_and_custom_data_are_refused() {
    for header in ["To", "cc", "BCC", " Bcc", "Resent-To", "resent-bcc", "X\r\nBcc"] {
        let email = EmailOverrides::new().header("X-Order", "7").header(header, "evil@example.com");
        assert_refused(only_ada(), with(Overrides::new().email(email)), "`overrides.email.headers` may contain").await;
    }
    let data = json!({"personalizations": [{"to": "evil@example.com"}]});
    let email = Overrides::new().email(EmailOverrides::new().custom_data(&data));
    assert_refused(only_ada(), with(email), "`overrides.email.customData` may contain addresses").await;
    let sms = Overrides::new().sms(SmsOverrides::new().custom_data(&data));
    assert_refused(only_ada(), with(sms), "`overrides.sms.customData` may contain addresses").await;
}

/// Mail services read recipients from headers of their own.
#[tokio::test]
async fn headers_in_which_a_provider_may_find_an_address_are_refused() {
    let of = |name: &str, value: Value| with(Overrides::new().provider("email", json!({"headers": {name: value}})));
    for (name, value) in [
        ("X-MC-BccAddress", json!("evil@example.com")),
        ("X-SMTPAPI", json!("{\"to\":[\"evil@example.com\"]}")),
        ("X-SMTPAPI", json!("{\"to\":[\"evil\\u0040example.com\"]}")),
        ("X-MSYS-API", json!("=?utf-8?q?evil=40example.com?=")),
        ("X-Encoded", json!("evil%40example.com")),
        ("X-Wide", json!("evil\u{feff}＠example.com")),
        ("Disposition-Notification-To", json!("evil@example.com")),
        ("Reply-To", json!("help@example.org\r\nBcc: evil@example.com")),
        ("X-Order", json!("7\nBcc: evil")),
        ("X-List", json!(["evil@example.com"])),
        ("X-Object", json!({"to": "evil"})),
        ("Bcc\u{200b}", json!("7")),
        ("", json!("7")),
    ] {
        assert_refused(only_ada(), of(name, value), "`overrides.email.headers` may contain").await;
    }
    let plain = EmailOverrides::new().header("X-Order", "A-7: 3.50 EUR (käse)").header("X-Priority", "1");
    let known = plain.header("Reply-To", "Help <help@example.org>").header("References", "<a=7@example.org>");
    assert_sent(only_ada(), with(Overrides::new().email(known))).await;
}

#[tokio::test]
async fn a_setting_that_becomes_a_header_has_no_line_break() {
    let evil = "x\r\nBcc: evil@example.com";
    let email = EmailOverrides::new;
    for (email, name) in [
        (email().from(evil), "from"),
        (email().sender_name(evil), "senderName"),
        (email().reply_to(evil), "replyTo"),
        (email().subject(evil), "subject"),
    ] {
        let reason = format!("`overrides.email.{name}` may contain addresses");
        assert_refused(only_ada(), with(Overrides::new().email(email)), &reason).await;
    }
    let list = Overrides::new().provider("email", json!({"from": ["evil@example.com"]}));
    assert_refused(only_ada(), with(list), "`overrides.email.from` may contain addresses").await;
    let texts = email().text("two\nlines").html("<p>two\nlines</p>").subject("Käse \"x\" <y>");
    assert_sent(only_ada(), with(Overrides::new().email(texts))).await;
}

/// Names in other cases, and the names that other versions of the server read.
#[tokio::test]
async fn a_name_that_only_resembles_a_known_one_is_refused() {
    let evil = || json!({"to": ["evil@example.com"], "deviceTokens": ["evil"]});
    for name in [
        "Email",
        "EMAIL",
        " email",
        "email ",
        "e\u{200b}mail",
        "Sms",
        "providers",
        "channels",
        "steps",
        "_passthrough",
        "push",
    ] {
        let request = with(Overrides::new().provider(name, evil()));
        if let Ok(request) = request {
            assert_refused(only_ada(), Ok(request), "may contain addresses").await;
        }
    }
    for name in ["To", "TO", "to ", "_passthrough", "recipients", "personalizations", "deviceTokens", "Headers", "BCC"]
    {
        let email = with(Overrides::new().provider("email", json!({name: ["evil@example.com"]})));
        assert_refused(only_ada(), email, "`overrides.email.").await;
        let sms = with(Overrides::new().provider("sms", json!({name: "+99"})));
        assert_refused(only_ada(), sms, "`overrides.sms.").await;
    }
    let nested = json!({"email": {"to": "evil@example.com"}, "providers": {"fcm": {"deviceTokens": ["evil"]}}});
    assert_refused(only_ada(), with(Overrides::new().provider("email", nested)), "`overrides.email.email` may").await;
}

#[tokio::test]
async fn overrides_of_a_provider_must_be_allowed_by_name() {
    let of = |name: &str, value: Value| with(Overrides::new().provider(name, value));
    for (name, value) in [
        ("fcm", json!({"deviceTokens": ["evil"]})),
        ("expo", json!({"to": "evil"})),
        ("sendgrid", json!({"to": ["evil@example.com"]})),
        ("twilio", json!({"to": "+99"})),
        ("chat", json!({"webhookUrl": "https://evil.example"})),
        ("slack", json!({"webhookUrl": "https://evil.example"})),
        ("providers", json!({"fcm": {"deviceTokens": ["evil"]}})),
        ("steps", json!({"email": {"providers": {}}})),
    ] {
        let reason = format!("`overrides.{name}` may contain addresses");
        assert_refused(only_ada(), of(name, value.clone()), &reason).await;
        assert_refused(RecipientGuard::only_matching(|_| true), of(name, value.clone()), &reason).await;
        assert_sent(only_ada().allow_overrides_of(name), of(name, value)).await;
    }
    // `email` and `sms` as providers are checked like their own types.
    let reason = "`overrides.email.to` is an address";
    assert_refused(only_ada(), of("email", json!({"to": "evil@example.com"})), reason).await;
    assert_refused(only_ada(), of("email", json!({"to": {"0": "evil@example.com"}})), reason).await;
    assert_refused(only_ada(), of("email", json!({"headers": ["Bcc"]})), "headers` is not a JSON object").await;
    assert_refused(only_ada(), of("sms", json!({"deviceTokens": 1})), "`overrides.sms.deviceTokens` may").await;
}
