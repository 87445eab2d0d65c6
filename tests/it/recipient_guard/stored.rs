//! Stored requests, which others may have written: only what the guard knows completely is sent.

use serde_json::{Value, json};
use teleflow::{Overrides, RecipientGuard, Request};

use super::{assert_refused, assert_sent, event, only_ada, send};

/// A stored event, in which `find` is replaced in the text of the body.
fn stored(find: &str, replacement: &str) -> teleflow::Result<Request> {
    let overrides = Overrides::new().provider("email", json!({"subject": "s"}));
    let request = event(json!({"plan": "gold"})).to("ada").actor("ada").overrides(overrides).into_request()?;
    let mut stored: Value = serde_json::to_value(&request).unwrap();
    let body = stored["body"].as_str().unwrap();
    assert!(body.contains(find), "{body}");
    stored["body"] = body.replace(find, replacement).into();
    Ok(serde_json::from_value(stored).unwrap())
}

#[tokio::test]
async fn a_stored_request_is_checked_like_a_new_one() {
    assert_sent(only_ada(), stored("gold", "silver")).await;
    for (find, replacement, reason) in [
        (r#""to":"ada""#, r#""to":"mallory""#, "recipient 1 is a subscriber"),
        (r#""to":"ada""#, r#""to":["ada",["mallory"]]"#, "recipient 2"),
        (r#""to":"ada""#, r#""to":["ada",7]"#, "recipient 2"),
        (r#""to":"ada""#, r#""to":["ada",null]"#, "recipient 2"),
        (r#""to":"ada""#, r#""to":{"email":"ada@example.com"}"#, "recipient 1 is an object without a subscriber id"),
        (r#""to":"ada""#, r#""to":{"subscriberId":7}"#, "recipient 1"),
        (r#""to":"ada""#, r#""to":{"subscriberId":"ada","email":["ada@example.com","evil@example.com"]}"#, "`email`"),
        (r#""to":"ada""#, r#""to":{"subscriberId":"ada","channels":[{"credentials":{}}]}"#, "recipient 1 has a field"),
        (r#""to":"ada""#, r#""to":{"type":"topic","topicKey":"ada"}"#, "recipient 1"),
        (r#""to":"ada""#, r#""to":{"type":"Topic","topicKey":"staff","subscriberId":"ada"}"#, "recipient 1"),
        (r#"{"plan""#, r#"{"e\u006dail":"evil@example.com","plan""#, "`payload.email`"),
        (r#"{"subject""#, r#"{"to":"evil@example.com","subject""#, "`overrides.email.to`"),
        (r#"{"subject":"s"}"#, r#""evil@example.com""#, "`overrides.email` is not a JSON object"),
        (r#""actor":{"#, r#""actor":{"channels":[],"#, "the actor has a field"),
    ] {
        assert_refused(only_ada(), stored(find, replacement), reason).await;
    }
}

/// The server reads the last of two members with one name; another parser may read the first.
#[tokio::test]
async fn each_of_two_members_with_one_name_is_checked() {
    for (find, replacement) in [
        (r#""to":"ada""#, r#""to":{"subscriberId":"mallory","subscriberId":"ada"}"#),
        (r#""to":"ada""#, r#""to":{"subscriberId":"ada","subscriberId":"mallory"}"#),
        (r#""to":"ada""#, r#""to":{"subscriberId":"ada","email":"evil@example.com","email":"ada@example.com"}"#),
        (r#""to":"ada""#, r#""to":{"type":"Topic","topicKey":"staff","topicKey":"everyone"}"#),
        (r#"{"plan""#, r#"{"email":"ada@example.com","email":"evil@example.com","plan""#),
        (r#"{"subject""#, r#"{"cc":"evil@example.com","cc":"ada@example.com","subject""#),
    ] {
        let guard = only_ada().allow_topic("staff").allow_topic("everyone");
        send(guard, stored(find, replacement).unwrap()).await.expect_err(replacement);
    }
}

#[tokio::test]
async fn a_stored_request_is_redirected_whatever_its_recipients_are() {
    let strange = [
        r#"{"subscriberId":"mallory","channels":[{"credentials":{"deviceTokens":["evil"]}}]}"#,
        r#"["ada",["mallory"],7]"#,
    ];
    for to in strange {
        let request = stored(r#""to":"ada""#, &format!(r#""to":{to}"#)).unwrap();
        let body = send(RecipientGuard::redirect_to("qa"), request).await.unwrap().remove(0);
        let qa = json!({"subscriberId": "qa"});
        assert!(body["to"] == qa || body["to"] == json!([qa]), "{body}");
    }
}
