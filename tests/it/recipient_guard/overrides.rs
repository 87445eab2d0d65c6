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
