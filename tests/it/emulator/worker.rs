//! The emulator's worker, and the emulator's API with unusual requests.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use teleflow::{Broadcast, Client, Event};
use teleflow_emulator::{Emulator, ProcessedJob, Workflow};

use crate::conformance::wire;
use crate::support::STRIPPED_KEYS;

fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    emulator
}

async fn post(emulator: &Emulator, path: &str, body: &str) -> (u16, Value) {
    let request =
        http::Request::post(path).header("authorization", "ApiKey test-key").header("content-type", "application/json");
    let response = emulator.answer(request.body(body.to_owned().into()).unwrap()).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

async fn trigger(emulator: &Emulator, body: &str) -> (u16, Value) {
    post(emulator, "/v1/events/trigger", body).await
}

async fn get(emulator: &Emulator, target: &str) -> (u16, Value) {
    let request = http::Request::get(target).header("authorization", "ApiKey test-key");
    let response = emulator.answer(request.body(Vec::new().into()).unwrap()).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

fn notified(emulator: &Emulator) -> Vec<String> {
    emulator.notifications().iter().map(|notification| notification.subscriber_id().to_owned()).collect()
}

/// Email addresses, and whether the server's validator accepts them. The emulator also agreed with the validator on
/// several hundred thousand other addresses and locales.
const EMAILS: [(&str, bool); 42] = [
    ("ada@example.com", true),
    ("ada+tag@sub.example.co", true),
    ("a\u{a0}b@example.com", true),
    ("\u{e9}t\u{e9}@\u{e9}t\u{e9}.\u{e9}\u{e9}", true),
    ("ada@\u{1F600}.com", true),
    ("\"a b\"@example.com", true),
    ("\"a\\\"b\"@example.com", true),
    ("\"a@b\"@example.com", true),
    ("\"@example.com", true),
    ("\"abc@example.com", true),
    ("ada@1.co", true),
    ("ada@a.xn--p1ai", true),
    ("ada@a.XN--P1", true),
    ("", false),
    ("bad", false),
    ("@example.com", false),
    ("a@localhost", false),
    ("A <a@example.com>", false),
    ("ada@example.com ", false),
    (" ada@example.com", false),
    ("a..b@example.com", false),
    (".a@example.com", false),
    ("a@b@example.com", false),
    ("\"a\"b\"@example.com", false),
    ("\"a\\\"@example.com", false),
    ("\u{1F600}@example.com", false),
    ("ada@example.\u{1F600}\u{1F600}", false),
    ("ada@example.c", false),
    ("ada@example.c0m", false),
    ("ada@example.123", false),
    ("ada@example.xn--p1ai-", false),
    ("ada@exa_mple.com", false),
    ("ada@-a.com", false),
    ("ada@a-.com", false),
    ("ada@a..com", false),
    ("ada@example.com.", false),
    ("ada@\u{ff41}.com", false),
    ("ada@example.c\u{3000}m", false),
    ("ada@example.\u{a9}\u{a9}", false),
    ("ada@127.0.0.1", false),
    ("ada@[127.0.0.1]", false),
    ("a\u{7f}@example.com", false),
];

/// Locales, and whether the server's validator accepts them.
const LOCALES: [(&str, bool); 26] = [
    ("en", true),
    ("root", true),
    ("en_US", true),
    ("en-us", true),
    ("zh_Hant_TW", true),
    ("zh-Hant", true),
    ("zh_Hant-TW", true),
    ("es-419", true),
    ("es-419-001", true),
    ("es-419-ES", true),
    ("en_US_POSIX", true),
    ("ca_ES_VALENCIA", true),
    ("", false),
    ("C", false),
    ("english", false),
    ("de-DE-1996", false),
    ("en_", false),
    ("en__US", false),
    ("en_US_", false),
    ("en US", false),
    ("en_US ", false),
    ("e\u{e9}", false),
    ("en_US_Latn", false),
    ("de_DE_POSIX", false),
    ("en_us_posix", false),
    ("i-klingon", false),
];

#[tokio::test]
async fn addresses_and_locales_are_those_of_the_servers_validator() {
    let emulator = emulator();
    let local = |length: usize| (format!("{}@example.com", "a".repeat(length)), length <= 64);
    let label = |length: usize| (format!("a@{}.com", "b".repeat(length)), length <= 63);
    let wide = |length: usize| (format!("{}@example.com", "\u{e9}".repeat(length)), length <= 32);
    let long = [local(64), local(65), label(63), label(64), wide(32), wide(33)];
    let emails = EMAILS.map(|(email, is_valid)| (email.to_owned(), is_valid)).into_iter().chain(long);
    let emails = emails.map(|(email, is_valid)| ("email", email, is_valid));
    let locales = LOCALES.map(|(locale, is_valid)| ("locale", locale.to_owned(), is_valid));
    for (field, text, is_valid) in emails.chain(locales) {
        let person = json!({ "subscriberId": "ada", field: text });
        // The API validates the actor, the worker validates the recipient.
        let actor = json!({ "name": "welcome", "to": "grace", "actor": person });
        let (status, body) = trigger(&emulator, &actor.to_string()).await;
        assert_eq!(status, if is_valid { 201 } else { 400 }, "{field} {text:?}: {body}");
        let event = json!({ "name": "welcome", "to": person });
        assert_eq!(trigger(&emulator, &event.to_string()).await.0, 201);
        let refused = emulator.run_worker().iter().any(|job| !job.refused().is_empty());
        assert_eq!(refused, !is_valid, "{field} {text:?}");
    }
}

#[tokio::test]
async fn the_worker_refuses_recipients_and_notifies_the_others() {
    let cases = [
        (json!({ "email": "" }), vec!["email must be an email"]),
        (json!({ "email": 5, "locale": "english" }), vec!["email must be an email", "locale must be locale"]),
        (json!({ "firstName": 5 }), vec!["firstName must be a string"]),
        (json!({ "lastName": ["x"] }), vec!["lastName must be a string"]),
        (json!({ "phone": 4930 }), vec!["phone must be a string"]),
        (json!({ "avatar": {} }), vec!["avatar must be a string"]),
        (json!({ "subscriberId": " " }), vec!["subscriberId should not be empty"]),
        (json!({ "subscriberId": ["ada"] }), vec!["subscriberId must be a string"]),
    ];
    for (fields, reasons) in cases {
        let emulator = emulator();
        emulator.subscriber("ada");
        let mut recipient = json!({ "subscriberId": "ada" });
        recipient.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let event = json!({ "name": "welcome", "to": ["grace", recipient, "linus"] });
        assert_eq!(trigger(&emulator, &event.to_string()).await.0, 201);

        let processed = emulator.run_worker();
        assert_eq!(processed[0].error(), None);
        assert_eq!(processed[0].subscriber_ids().collect::<Vec<_>>(), ["grace", "linus"]);
        let [refused] = processed[0].refused() else { panic!("{fields}: {:?}", processed[0].refused()) };
        assert_eq!(refused.reasons(), reasons);
        assert_eq!(notified(&emulator), ["grace", "linus"]);
    }
}

#[tokio::test]
async fn null_fields_of_a_recipient_are_accepted() {
    let emulator = emulator();
    let recipient = json!({ "subscriberId": "ada", "email": null, "locale": null, "phone": null });
    trigger(&emulator, &json!({ "name": "welcome", "to": recipient }).to_string()).await;
    assert!(emulator.run_worker()[0].refused().is_empty());
    assert_eq!(notified(&emulator), ["ada"]);
}

#[tokio::test]
async fn reserved_keys_are_removed_at_every_depth() {
    for key in STRIPPED_KEYS {
        let emulator = emulator();
        emulator.tenant("acme");
        let data = format!(r#"{{"{key}": 1, "list": [{{"{key}": {{"x": 1}}, "kept": 2}}]}}"#);
        let fields = format!(
            r#""name": "welcome", "to": {{"subscriberId": "ada", "data": {data}}}, "payload": {data}, "overrides": {data},
            "actor": {{"subscriberId": "grace", "data": {data}}}, "tenant": {{"identifier": "acme", "data": {data}}}"#
        );
        assert_eq!(trigger(&emulator, &format!("{{{fields}}}")).await.0, 201, "{key}");
        assert_eq!(
            post(&emulator, "/v1/events/trigger/bulk", &format!(r#"{{"events": [{{{fields}}}]}}"#)).await.0,
            201
        );
        let kept = json!({ "list": [{ "kept": 2 }] });
        let jobs = emulator.jobs();
        assert_eq!(jobs.len(), 2);
        for job in &jobs {
            assert_eq!(job.payload(), &kept, "{key}");
            assert_eq!(job.to_json()["data"]["overrides"], kept, "{key}");
            for part in [job.to(), job.actor(), job.tenant()] {
                assert_eq!(part.unwrap()["data"], kept, "{key}");
            }
        }
    }
}

#[tokio::test]
async fn an_event_with_a_key_that_the_database_cannot_store_is_lost() {
    for key in ["_bsontype", "a\\u0000b", "\\u0000"] {
        for event in [
            format!(r#"{{"name": "welcome", "to": ["ada", "grace"], "payload": {{"list": [{{"{key}": 1}}]}}}}"#),
            format!(r#"{{"name": "welcome", "to": ["ada", {{"subscriberId": "grace", "data": {{"{key}": 1}}}}]}}"#),
        ] {
            let emulator = emulator();
            assert_eq!(trigger(&emulator, &event).await.0, 201, "{event}");
            let processed = emulator.run_worker();
            assert!(processed[0].error().is_some_and(|error| error.contains("cannot store the key")), "{event}");
            assert_eq!((processed[0].subscriber_ids().count(), notified(&emulator).len()), (0, 0), "{event}");
        }
        let event = format!(r#"{{"name": "welcome", "to": "ada", "overrides": {{"email": {{"{key}": 1}}}}}}"#);
        let emulator = emulator();
        trigger(&emulator, &event).await;
        assert_eq!(emulator.run_worker()[0].error(), None);
        assert_eq!(emulator.notifications()[0].steps().count(), 0, "a notification without steps");
    }
    // NUL in a value, and other keys with special characters, are stored.
    let emulator = emulator();
    let payload = r#"{"$set": 1, "a.b": 2, "": 3, "_id": 4, "__v": 5, "$ref": 6, "toJSON": 7, "then": "\u0000"}"#;
    trigger(&emulator, &format!(r#"{{"name": "welcome", "to": "ada", "payload": {payload}}}"#)).await;
    emulator.run_worker();
    assert_eq!(*emulator.notifications()[0].payload(), serde_json::from_str::<Value>(payload).unwrap());
}

#[tokio::test]
async fn the_worker_trims_subscriber_ids() {
    let emulator = emulator();
    let event = r#"{"name": "welcome", "to": ["\t ada\u00a0\ufeff", {"subscriberId": " grace "}], "actor": " linus "}"#;
    trigger(&emulator, event).await;
    let processed = emulator.run_worker();
    assert_eq!(processed[0].subscriber_ids().collect::<Vec<_>>(), ["ada", "grace"]);
    trigger(&emulator, r#"{"name": "welcome", "to": " ada"}"#).await;
    emulator.run_worker();
    let (_, listed) = get(&emulator, "/v1/notifications?subscriberIds=ada").await;
    let ids: Vec<&Value> =
        listed["data"].as_array().unwrap().iter().map(|found| &found["subscriber"]["subscriberId"]).collect();
    assert_eq!(ids, ["ada", "ada"]);
}

#[tokio::test]
async fn a_broadcast_reaches_the_subscribers_that_earlier_triggers_created() {
    let emulator = emulator();
    emulator.subscriber("seed");
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    Event::untyped("welcome", json!({})).to("ada").actor("grace").send(&client).await.unwrap();
    trigger(&emulator, r#"{"name": "welcome", "to": [" linus ", {"subscriberId": "refused", "email": ""}]}"#).await;
    // Queued after the other events, which have not been processed yet.
    Broadcast::untyped("welcome", json!({})).send(&client).await.unwrap();
    let notified: Vec<Vec<String>> =
        emulator.run_worker().iter().map(|job: &ProcessedJob| job.subscriber_ids().collect()).collect();
    assert_eq!(notified[2], ["seed", "grace", "ada", "linus"]);
}

#[tokio::test]
async fn the_date_of_a_delay_is_checked_as_the_server_does() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("reminder").delay_until("sendAt"));
    let missing = json!("payload is missing required key(s) and type(s): sendAt (ISO Date)");
    let failed = json!("Internal server error");
    let cases = [
        ("{}", 400, &missing),
        (r#"{"sendAt": ""}"#, 400, &missing),
        (r#"{"sendAt": "tomorrow"}"#, 400, &missing),
        (r#"{"sendAt": null}"#, 500, &failed),
        (r#"{"sendAt": 0}"#, 500, &failed),
        (r#"{"sendAt": false}"#, 500, &failed),
        (r#"{"sendAt": []}"#, 500, &failed),
    ];
    for (payload, status, message) in cases {
        let fields = format!(r#""name": "reminder", "to": "ada", "payload": {payload}"#);
        let (got, body) = trigger(&emulator, &format!("{{{fields}}}")).await;
        assert_eq!((got, &body["message"]), (status, message), "{payload}");
        let (got, body) = post(&emulator, "/v1/events/trigger/bulk", &format!(r#"{{"events": [{{{fields}}}]}}"#)).await;
        assert_eq!((got, &body["data"][0]["status"]), (201, &json!("error")), "{payload}");
    }
    assert!(emulator.jobs().is_empty());
}

#[tokio::test]
async fn an_array_with_null_is_not_a_valid_actor_or_tenant() {
    for field in ["actor", "tenant"] {
        let emulator = emulator();
        let fields = format!(r#""name": "welcome", "to": "ada", "payload": {{}}, "{field}": [null]"#);
        let (status, body) = trigger(&emulator, &format!("{{{fields}}}")).await;
        let message = format!("{field}.nested property {field} must be either object or array");
        assert_eq!((status, &body["message"]), (400, &json!([message])));
        let (status, body) =
            post(&emulator, "/v1/events/trigger/bulk", &format!(r#"{{"events": [{{{fields}}}]}}"#)).await;
        assert_eq!((status, &body["data"][0]["status"], &body["data"][0]["error"]), (201, &json!("error"), &json!([])));
    }
}

#[tokio::test]
async fn an_invalid_page_or_limit_is_rejected() {
    let emulator = emulator();
    for (target, messages) in [
        ("/v1/workflows?page=x", vec!["page must be an integer number"]),
        ("/v1/workflows?page=1.5", vec!["page must be an integer number"]),
        ("/v1/workflows?limit=0", vec!["limit must not be less than 1"]),
        ("/v1/notifications?page=x", vec!["page must be a number conforming to the specified constraints"]),
    ] {
        let (status, body) = get(&emulator, target).await;
        assert_eq!((status, &body["message"]), (400, &json!(messages)), "{target}");
    }
    for target in
        ["/v1/workflows?page=", "/v1/workflows?page=1&limit=1e1", "/v1/notifications?page=", "/v1/notifications"]
    {
        assert_eq!(get(&emulator, target).await.0, 200, "{target}");
    }
}

#[tokio::test]
async fn a_request_with_a_head_that_is_too_long_is_rejected_without_a_body() {
    let server = emulator().serve("127.0.0.1:0").await.unwrap();
    let headers = BTreeMap::from([("authorization".to_owned(), "ApiKey test-key".to_owned())]);
    let cancel = async |length: usize| {
        let target = format!("/v1/events/trigger/{}", "x".repeat(length));
        let response = wire::send(server.addr(), "DELETE", &target, &headers, None).await.unwrap();
        (response.status, response.body.len())
    };
    assert_eq!(cancel(15_000).await.0, 200);
    assert_eq!(cancel(20_000).await, (431, 0));
}
