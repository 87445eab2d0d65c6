//! A guard that redirects: the event goes to one subscriber, and no other address leaves.

use serde_json::{Value, json};
use teleflow::{
    Client, EmailOverrides, ErrorKind, Event, Overrides, RecipientGuard, Recipients, Request, SmsOverrides, Subscriber,
    Topic,
};

use super::{Recorder, event, send};

fn to_qa() -> RecipientGuard {
    RecipientGuard::redirect_to(Subscriber::new("qa").email("qa@example.com"))
}

async fn redirected(guard: RecipientGuard, request: teleflow::Result<Request>) -> Value {
    send(guard, request.unwrap()).await.unwrap().remove(0)
}

#[tokio::test]
async fn every_recipient_is_replaced() {
    let qa = json!({"subscriberId": "qa", "email": "qa@example.com"});
    let mallory = || Subscriber::new("mallory").email("evil@example.com").phone("+99");
    let mut mixed = Recipients::from_iter(["mallory", "qa"]);
    mixed.push(mallory());
    mixed.push(Topic::new("everyone"));
    for (request, to) in [
        (event(json!({})).to("mallory").into_request(), qa.clone()),
        (event(json!({})).to("qa").into_request(), qa.clone()),
        (event(json!({})).to(mallory()).into_request(), qa.clone()),
        (event(json!({})).to(Topic::new("everyone")).into_request(), qa.clone()),
        (event(json!({})).to(mixed.clone()).into_request(), json!([qa])),
    ] {
        assert_eq!(redirected(to_qa(), request).await["to"], to);
    }
    let body = redirected(to_qa().allow_topic("everyone"), event(json!({})).to(mixed).into_request()).await;
    assert_eq!(body["to"], json!([qa, {"type": "Topic", "topicKey": "everyone"}]));
}

/// Texts that must not leave, in every part of an event that a message can be sent to.
fn everything() -> teleflow::Result<Request> {
    let payload =
        json!({"email": "evil@a.com", "phone": "evil-1", "webhookUrl": "https://evil.example", "plan": "gold"});
    let email = EmailOverrides::new().to(["evil@b.com"]).cc(["evil@c.com"]).bcc(["evil@d.com"]).subject("Hi");
    let email = email.header("Bcc", "evil@e.com").header("X-A", "b").custom_data(json!({"to": "evil"}));
    let overrides = Overrides::new()
        .email(email)
        .sms(SmsOverrides::new().to("evil-2").content("c").custom_data(json!({"to": "evil"})))
        .provider("fcm", json!({"deviceTokens": ["evil"]}))
        .provider("chat", json!({"webhookUrl": "https://evil.example"}))
        .layout("plain");
    let actor = Subscriber::new("merchant").first_name("M").email("evil@f.com").phone("evil-3");
    let to = Subscriber::new("evil").email("evil@g.com").phone("evil-4").data(json!({"a": "evil"}));
    let event = event(payload).address_from_payload().to(to).overrides(overrides).actor(actor).tenant("hats");
    event.transaction_id("t-1").into_request()
}

#[tokio::test]
async fn no_other_address_leaves_and_the_rest_is_unchanged() {
    let body = redirected(RecipientGuard::redirect_to("qa"), everything()).await;
    assert_eq!(
        body,
        json!({
            "name": "welcome",
            "to": {"subscriberId": "qa"},
            "payload": {"plan": "gold"},
            "overrides": {
                "layoutIdentifier": "plain",
                "email": {"subject": "Hi", "headers": {"X-A": "b"}},
                "sms": {"content": "c"},
            },
            "actor": {"subscriberId": "merchant", "firstName": "M"},
            "tenant": {"identifier": "hats"},
            "transactionId": "t-1",
        })
    );
    let body = redirected(RecipientGuard::redirect_to("qa").allow_overrides_of("fcm"), everything()).await;
    assert_eq!(body["overrides"]["fcm"], json!({"deviceTokens": ["evil"]}));
}

#[tokio::test]
async fn values_keep_their_bytes() {
    let number = "1.2300000000000000000001e+2";
    let raw = format!(r#"{{"n": {number},"phone":"evil","text":"\u0041"}}"#);
    let raw = serde_json::value::RawValue::from_string(raw).unwrap();
    let recorder = Recorder::default();
    let event = Event::untyped("welcome", raw).address_from_payload().to("mallory");
    event.send(&recorder.client(to_qa())).await.unwrap();
    let body = String::from_utf8(recorder.0.lock().unwrap()[0].body().to_vec()).unwrap();
    assert!(body.contains(&format!(r#""payload":{{"n":{number},"text":"\u0041"}}"#)), "{body}");
}

/// The server refuses a key that it knows with another body, also from another environment of the organization.
#[tokio::test]
async fn a_redirected_request_has_a_key_that_is_derived_from_its_own() {
    let request = event(json!({})).to("mallory").into_request().unwrap();
    let mut keys = Vec::new();
    for _ in 0..2 {
        let recorder = Recorder::default();
        assert!(recorder.client(to_qa()).send(request.clone()).await.all_queued());
        let sent = recorder.0.lock().unwrap().remove(0);
        keys.push(sent.idempotency_key().unwrap().to_owned());
        assert_eq!(sent.transaction_ids().collect::<Vec<_>>(), request.transaction_ids().collect::<Vec<_>>());
    }
    assert_eq!(keys[0], keys[1]);
    assert_ne!(Some(keys[0].as_str()), request.idempotency_key());
}

#[test]
fn a_subscriber_that_no_server_accepts_is_an_error_of_the_builder() {
    for subscriber in [Subscriber::new(" "), Subscriber::new("qa").email("qa")] {
        let builder = Client::builder().transport(Recorder::default());
        let error = builder.recipients(RecipientGuard::redirect_to(subscriber)).build().unwrap_err();
        assert!(error.kind() == ErrorKind::Invalid && error.to_string().contains("recipient guard"), "{error}");
    }
}
