//! Subscribers by id and as objects, topics, and the actor.

use serde::Serialize;
use serde_json::json;
use teleflow::{Destination, ErrorKind, RecipientGuard, Recipients, Subscriber, TeleflowWorkflow, Topic};

use super::{Recorder, assert_refused, assert_sent, event, only_ada};

#[tokio::test]
async fn only_subscribers_of_the_list_are_notified() {
    assert_sent(only_ada(), event(json!({})).to("ada").into_request()).await;
    assert_sent(only_ada(), event(json!({})).to(["ada", " ada\u{feff}"]).into_request()).await;
    for id in ["mallory", "Ada", "ada ada", "ada,mallory"] {
        assert_refused(only_ada(), event(json!({})).to(id).into_request(), "recipient 1 is a subscriber that").await;
    }
    assert_refused(only_ada(), event(json!({})).to(["ada", "mallory"]).into_request(), "recipient 2 is a subscriber")
        .await;
    assert_refused(RecipientGuard::only([""; 0]), event(json!({})).to("ada").into_request(), "recipient 1").await;
}

#[tokio::test]
async fn an_inline_address_must_be_allowed_too() {
    let ada = || Subscriber::new("ada");
    assert_sent(only_ada(), event(json!({})).to(ada().email("ada@example.com").phone("+44")).into_request()).await;
    let others = ada().first_name("Ada").locale("en").avatar("https://evil.example").data(json!({"email": "evil"}));
    assert_sent(only_ada(), event(json!({})).to(others).into_request()).await;
    for (subscriber, reason) in [
        (ada().email("evil@example.com"), "`email` of recipient 1 is an address"),
        (ada().phone("+99"), "`phone` of recipient 1 is an address"),
        (Subscriber::new("mallory").email("ada@example.com"), "recipient 1 is a subscriber"),
    ] {
        assert_refused(only_ada(), event(json!({})).to(&subscriber).into_request(), reason).await;
        assert_refused(only_ada(), event(json!({})).to([subscriber]).into_request(), reason).await;
    }
}

#[tokio::test]
async fn a_predicate_sees_each_destination_with_its_kind() {
    let guard = || {
        RecipientGuard::only_matching(|destination| match destination {
            Destination::Subscriber(id) => id.starts_with("qa-"),
            Destination::Email(address) => address.ends_with("@example.com"),
            _ => false,
        })
    };
    let qa = || Subscriber::new(" qa-1");
    assert_sent(guard(), event(json!({})).to(qa().email("anyone@example.com")).into_request()).await;
    assert_refused(guard(), event(json!({})).to("mallory@example.com").into_request(), "recipient 1 is a subscriber")
        .await;
    assert_refused(guard(), event(json!({})).to(qa().email("qa-1@evil.com")).into_request(), "`email`").await;
    assert_refused(guard(), event(json!({})).to(qa().phone("qa-1@example.com")).into_request(), "`phone`").await;
}

#[tokio::test]
async fn a_topic_must_be_allowed_by_name() {
    let to = |key: &str| event(json!({})).to(Topic::new(key)).into_request();
    assert_refused(only_ada(), to("ada"), "recipient 1 is a topic").await;
    assert_refused(only_ada().allow_topic("staff"), to("staff2"), "recipient 1 is a topic").await;
    assert_sent(only_ada().allow_topic("staff"), to("staff")).await;
    let mut mixed = Recipients::from_iter(["ada"]);
    mixed.push(Topic::new("everyone"));
    assert_refused(only_ada().allow_topic("staff"), event(json!({})).to(mixed).into_request(), "recipient 2").await;
    assert_refused(
        RecipientGuard::only_matching(|_| true),
        to("staff"),
        "recipient 1 is a topic that the client's recipient guard does not allow",
    )
    .await;
}

/// The server stores the actor's addresses, and sends to them if the actor is a recipient too.
#[tokio::test]
async fn the_addresses_of_the_actor_must_be_allowed_but_not_its_id() {
    let by = |actor: Subscriber| event(json!({})).to("ada").actor(actor).into_request();
    assert_sent(only_ada(), by(Subscriber::new("mallory").first_name("Mallory"))).await;
    assert_sent(only_ada(), by(Subscriber::new("ada").email("ada@example.com"))).await;
    assert_refused(only_ada(), by(Subscriber::new("ada").email("evil@example.com")), "`email` of the actor").await;
    assert_refused(only_ada(), by(Subscriber::new("ada").phone("+99")), "`phone` of the actor").await;
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome")]
struct Welcome {
    #[teleflow(to)]
    user: String,
    #[teleflow(address)]
    email: Option<&'static str>,
}

#[tokio::test]
async fn events_of_a_struct_are_checked() {
    let recorder = Recorder::default();
    let client = recorder.client(only_ada());
    for (user, email) in [("mallory", None), ("ada", Some("evil@example.com"))] {
        let welcome = || Welcome { user: user.into(), email };
        for sending in [welcome().send(&client), welcome().event().send(&client), welcome().to(user).send(&client)] {
            assert_eq!(sending.await.unwrap_err().kind(), ErrorKind::Invalid);
        }
    }
    assert!(recorder.bodies().is_empty());
    Welcome { user: "ada".into(), email: None }.send(&client).await.unwrap();
    assert_eq!(recorder.bodies().len(), 1);
}

#[test]
fn debug_shows_neither_ids_nor_addresses() {
    let guards = [only_ada(), RecipientGuard::only_matching(|_| true), RecipientGuard::redirect_to("ada")];
    let texts = guards.map(|guard| format!("{guard:?}") + &format!("{:?}", Recorder::default().client(guard)));
    for (text, rule) in texts.iter().zip(["only", "only_matching", "redirect_to"]) {
        assert!(text.contains(&format!("rule: \"{rule}\"")) && !text.contains("ada"), "{text}");
    }
    assert_eq!(format!("{:?}", Destination::Email("ada@example.com")), "Email(..)");
}
