//! `email`, `phone` and `webhookUrl` at the payload's top level: the server sends to them.

use serde_json::{Value, json};
use teleflow::{Destination, Event, RecipientGuard};

use super::{assert_refused, assert_sent, event, only_ada};

fn with(payload: Value) -> teleflow::Result<teleflow::Request> {
    event(payload).address_from_payload().to("ada").into_request()
}

#[tokio::test]
async fn an_address_in_the_payload_must_be_allowed() {
    assert_sent(only_ada(), with(json!({"email": "ada@example.com", "phone": "+44"}))).await;
    assert_sent(only_ada(), with(json!({"email": null, "phone": "", "webhookUrl": null}))).await;
    for (name, address) in [("email", "evil@example.com"), ("phone", "+99"), ("webhookUrl", "https://evil.example")] {
        let reason = format!("`payload.{name}` is an address");
        for value in [json!(address), json!([address]), json!(["ada@example.com", address]), json!({"a": 1}), json!(7)]
        {
            assert_refused(only_ada(), with(json!({"plan": "gold", name: value})), &reason).await;
        }
    }
    let hook = RecipientGuard::only(["ada", "https://hooks.example.com/1"]);
    assert_sent(hook, with(json!({"webhookUrl": "https://hooks.example.com/1"}))).await;
}

/// The server reads these names only at the top level.
#[tokio::test]
async fn the_same_names_below_the_top_level_are_not_addresses() {
    assert_sent(
        only_ada(),
        event(json!({"buyer": {"email": "evil@example.com", "phone": "+99"}})).to("ada").into_request(),
    )
    .await;
}

#[tokio::test]
async fn a_text_that_may_be_several_addresses_is_refused_before_the_predicate() {
    let guard = || {
        RecipientGuard::only_matching(|destination| match destination {
            Destination::Email(address) => address.ends_with("@example.com"),
            _ => true,
        })
    };
    assert_sent(guard(), with(json!({"email": "anyone@example.com"}))).await;
    for address in [
        "evil@evil.com,a@example.com",
        "evil@evil.com;a@example.com",
        "evil@evil.com a@example.com",
        "evil@evil.com\na@example.com",
        "<evil@evil.com>@example.com",
        "\"evil@evil.com\"@example.com",
        "evil@evil.com@example.com",
        "@example.com, evil",
    ] {
        assert_refused(guard(), with(json!({"email": address})), "`payload.email` is an address").await;
    }
    for number in ["+44,+99", "+44;+99", "+44 +99", "+44|0099", "+44/0099", "+44\n0099", "44+99"] {
        assert_refused(guard(), with(json!({"phone": number})), "`payload.phone` is an address").await;
    }
    assert_sent(guard(), with(json!({"phone": "+44 (20) 7946-0000"}))).await;
}

/// Addresses that a provider reads in another way than a predicate that looks at the end or the start of the text.
#[tokio::test]
async fn a_text_that_hides_its_address_is_refused_before_the_predicate() {
    let guard = || {
        RecipientGuard::only_matching(|destination| match destination {
            Destination::Email(address) => address.ends_with(".example.com"),
            Destination::WebhookUrl(url) => url.starts_with("https://hooks.example.com"),
            _ => true,
        })
    };
    assert_sent(guard(), with(json!({"email": "o'neil+x@mail.example.com"}))).await;
    for address in [
        "evil@evil.com(.example.com",
        "evil@[10.0.0.1].example.com",
        "x:evil@evil.com:.example.com",
        "evil@evil.com\\.example.com",
        "evil@evil.com\u{0}.example.com",
        "=?utf-8?q?evil=40evil.com=3e=20?=@mail.example.com",
    ] {
        assert_refused(guard(), with(json!({"email": address})), "`payload.email` is an address").await;
    }
    let hook = "https://hooks.example.com/webhook/a@b/c";
    assert_sent(guard(), with(json!({"webhookUrl": hook}))).await;
    for url in [
        "https://hooks.example.com@evil.example/",
        "https://hooks.example.com:x@evil.example/?a#b",
        "https://hooks.example.com\\@evil.example/",
        "https://hooks.example.com\t@evil.example/",
        "https://hooks.example.com evil.example/",
    ] {
        assert_refused(guard(), with(json!({"webhookUrl": url})), "`payload.webhookUrl` is an address").await;
    }
}

#[tokio::test]
async fn a_payload_that_is_raw_json_is_checked() {
    let raw = serde_json::value::RawValue::from_string(r#"{"e\u006dail": "evil@example.com"}"#.into()).unwrap();
    let request = Event::untyped("welcome", raw).address_from_payload().to("ada").into_request();
    assert_refused(only_ada(), request, "`payload.email` is an address").await;
}
