//! Errors of every kind, and the `Debug` output of every public type that has secrets.

use std::time::Duration;

use teleflow::{
    Attachment, Broadcast, Bulk, Client, EmailOverrides, Error, ErrorKind, Overrides, Recipient, Recipients,
    RetryPolicy, SmsOverrides, Subscriber, Tenant,
};

use super::{PAYLOAD, RECIPIENT, assert_no_secret, event, printed};
use crate::support::{API_KEY, Server};

/// Errors of every kind. The server echoes the values it received wherever a real server does.
async fn errors_of_every_kind() -> Vec<Error> {
    let echo = format!(
        r#"{{"message":"Validation failed","errors":{{"payload.code":{{"messages":["is odd"],"value":"{PAYLOAD}"}},
        "to":{{"messages":["is odd"],"value":{{"subscriberId":"{RECIPIENT}"}}}}}}}}"#
    );
    let page = format!("<html>{PAYLOAD} {RECIPIENT}</html>");
    let dropped = format!(r#"{{"data":{{"status":"no_tenant_found","payload":"{PAYLOAD}","to":"{RECIPIENT}"}}}}"#);
    let reused = r#"{"message":"Request with key \"k\" is being reused for a different body"}"#;
    let mut errors = Vec::new();
    for (status, body) in [
        (201, dropped.as_str()),
        (201, page.as_str()),
        (400, echo.as_str()),
        (422, echo.as_str()),
        (422, r#"{"message":"workflow_not_found"}"#),
        (422, reused),
        (401, page.as_str()),
        (402, ""),
        (404, page.as_str()),
        (409, ""),
        (413, page.as_str()),
        (429, page.as_str()),
        (503, page.as_str()),
    ] {
        let client = Server::status(status, "", body).client();
        errors.push(event().send(&client).await.unwrap_err());
        errors.extend([event()].into_iter().collect::<Bulk>().send(&client).await.into_result().err());
        let broadcast = Broadcast::untyped("welcome", serde_json::json!({"code": PAYLOAD})).actor(RECIPIENT);
        errors.push(broadcast.send(&client).await.unwrap_err());
        errors.push(client.cancel(&"t-1".into()).await.unwrap_err());
    }
    errors.push(event().send(&Server::responding("HTTP/1.1 201").client()).await.unwrap_err());
    let silent = Server::with_handler(|_| std::thread::sleep(Duration::from_secs(5)));
    let client = silent.builder().timeout(Duration::from_millis(50)).build().unwrap();
    errors.push(event().send(&client).await.unwrap_err());
    let unreachable = Client::builder().api_key(API_KEY).base_url("http://127.0.0.1:1").retry(RetryPolicy::none());
    errors.push(event().send(&unreachable.build().unwrap()).await.unwrap_err());
    errors.push(event().tenant("").into_request().unwrap_err());
    errors
}

#[tokio::test]
async fn no_kind_of_error_prints_the_payload_the_recipient_or_the_key() {
    use ErrorKind::*;
    let errors = errors_of_every_kind().await;
    errors.iter().for_each(|error| assert_no_secret(&printed(error)));
    for kind in [
        Invalid,
        Dropped,
        WorkflowNotFound,
        Validation,
        Unauthorized,
        PaymentRequired,
        TooLarge,
        RateLimited,
        InProgress,
        IdempotencyConflict,
        Rejected,
        Server,
        Timeout,
        Connect,
        Interrupted,
        Decode,
    ] {
        assert!(errors.iter().any(|error| error.kind() == kind), "there is no {kind:?} among them");
    }
}

#[test]
fn the_debug_output_of_events_requests_and_futures_has_no_secret() {
    let data = serde_json::json!({"code": PAYLOAD});
    let full = || {
        let ada = Subscriber::new(RECIPIENT).email(format!("{RECIPIENT}@example.com")).phone(RECIPIENT).data(&data);
        event().actor(&ada).tenant(Tenant::new(RECIPIENT).name(RECIPIENT).data(&data)).transaction_id("t-1")
    };
    let all = Broadcast::untyped("welcome", &data).actor(RECIPIENT).tenant(RECIPIENT);
    assert_no_secret(&format!("{:?} {:#?} {all:?}", full(), full()));
    let request = full().into_request().unwrap();
    assert_no_secret(&format!("{request:?} {request:#?} {:?}", all.into_request().unwrap()));
    let client = Client::builder().api_key(API_KEY).build().unwrap();
    let (bulk, sending) = ([full()].into_iter().collect::<Bulk>(), full().send(&client));
    assert_no_secret(&format!("{bulk:?} {sending:?} {:?}", client.send(request)));
    // Of data, only the length is printed, also inside a subscriber or a tenant.
    assert!(!format!("{:?} {:?}", Subscriber::new("a").data(&data), Tenant::new("b").data(&data)).contains(PAYLOAD));
}

#[test]
fn recipients_tenants_overrides_and_attachments_print_only_ids() {
    let data = serde_json::json!({"code": PAYLOAD});
    let ada = Subscriber::new("ada").email(PAYLOAD).phone(PAYLOAD).first_name(PAYLOAD).last_name(PAYLOAD);
    let ada = ada.avatar(PAYLOAD).locale(PAYLOAD).data(&data);
    let recipients: Recipients = [&ada, &ada].into_iter().collect();
    let (one, acme) = (Recipient::from(&ada), Tenant::new("acme").name(PAYLOAD).data(&data));
    let email = EmailOverrides::new().to([PAYLOAD]).cc([PAYLOAD]).bcc([PAYLOAD]).from(PAYLOAD).reply_to(PAYLOAD);
    let email = email.sender_name(PAYLOAD).subject(PAYLOAD).text(PAYLOAD).html(PAYLOAD).header("X-Id", PAYLOAD);
    let email = email.custom_data(&data);
    let sms = SmsOverrides::new().to(PAYLOAD).from(PAYLOAD).content(PAYLOAD).custom_data(&data);
    let overrides = Overrides::new().email(email.clone()).sms(sms.clone()).provider("fcm", &data);
    let file = Attachment::new(PAYLOAD, "text/plain", PAYLOAD);
    let texts =
        [format!("{ada:?} {ada:#?} {one:?} {recipients:?} {acme:?} {acme:#?}"), format!("{overrides:?} {file:?}")];
    texts.iter().for_each(|text| assert_no_secret(text));
    assert_no_secret(&format!("{email:?} {email:#?} {sms:?} {overrides:#?} {file:#?}"));
    for id in ["ada", "acme"] {
        assert!(texts[0].contains(id), "no {id} in {}", texts[0]);
    }
    assert!(texts[1].contains("fcm") && format!("{email:?}").contains("subject"), "{texts:?} {email:?}");
}

#[test]
fn a_client_prints_its_base_url_and_not_its_key() {
    let client = Client::builder().api_key(API_KEY).base_url("http://localhost:3000/v1").build().unwrap();
    let text = format!("{client:?} {client:#?}");
    assert_no_secret(&text);
    assert!(text.contains("http://localhost:3000"), "{text}");
}

#[test]
fn a_base_url_that_is_rejected_is_not_printed() {
    for url in ["https://example.com/v1?key=private", "https://example.com/#private", "private@example.com", "private"]
    {
        let builder = || Client::builder().api_key(API_KEY).base_url(url);
        let error = builder().build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(!format!("{} {:?}", printed(&error), builder()).contains("private"), "{url}: {error}");
    }
}
