//! Broadcasts: refused unless the guard names their workflow, or by the client's own setting.

use serde_json::json;
use teleflow::{Broadcast, Broadcasts, ErrorKind, Event, Fate, Overrides, RecipientGuard, Subscriber, TransactionId};

use super::{Recorder, assert_refused, assert_sent, only_ada};

#[tokio::test]
async fn a_broadcast_must_be_allowed_by_the_name_of_its_workflow() {
    let of = |trigger: &'static str| Broadcast::untyped(trigger, json!({})).into_request();
    for guard in [only_ada(), RecipientGuard::only_matching(|_| true), RecipientGuard::redirect_to("ada")] {
        assert_refused(guard.allow_broadcasts_of("other"), of("news"), "does not allow broadcasts of this workflow")
            .await;
    }
    for guard in [only_ada(), RecipientGuard::redirect_to("ada")] {
        assert_sent(guard.allow_broadcasts_of("news"), of("news")).await;
    }
}

#[tokio::test]
async fn the_addresses_of_an_allowed_broadcast_are_checked() {
    let guard = || only_ada().allow_broadcasts_of("news");
    let news = || Broadcast::untyped("news", json!({}));
    let payload = Broadcast::untyped("news", json!({"email": "evil@example.com"})).address_from_payload();
    assert_refused(guard(), payload.into_request(), "`payload.email`").await;
    assert_refused(guard(), news().actor(Subscriber::new("ada").email("evil@example.com")).into_request(), "actor")
        .await;
    let overrides = Overrides::new().provider("fcm", json!({"deviceTokens": ["evil"]}));
    assert_refused(guard(), news().overrides(overrides).into_request(), "`overrides.fcm`").await;
}

#[tokio::test]
async fn a_client_that_refuses_broadcasts_sends_everything_else() {
    let recorder = Recorder::default();
    let client = recorder.with(|builder| builder.broadcasts(Broadcasts::Refused));
    let error = Broadcast::untyped("news", json!({})).send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Invalid, Fate::NotQueued, 0), "{error}");
    assert!(error.to_string().contains("refuses broadcasts"), "{error}");
    let stored = Broadcast::untyped("news", json!({})).into_request().unwrap();
    let stored = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
    assert_eq!(client.send(stored).await.into_result().unwrap_err().kind(), ErrorKind::Invalid);
    assert!(recorder.bodies().is_empty());

    Event::untyped("news", json!({})).to("mallory").send(&client).await.unwrap();
    let allowed = recorder.with(|builder| builder.broadcasts(Broadcasts::Allowed));
    Broadcast::untyped("news", json!({})).send(&allowed).await.unwrap();
    assert_eq!(recorder.bodies().len(), 2);
}

#[tokio::test]
async fn an_event_can_always_be_cancelled() {
    let recorder = Recorder::default();
    let client = recorder.with(|builder| builder.recipients(only_ada()).broadcasts(Broadcasts::Refused));
    let _ = client.cancel(&TransactionId::from("t-1")).await;
    assert_eq!(recorder.0.lock().unwrap()[0].method(), "DELETE");
}
