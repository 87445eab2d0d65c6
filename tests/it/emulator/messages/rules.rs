//! Rules of the server for messages that no recording shows. They come from its source.

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, Message, MessageStatus, Seeds, StepOutcome, StepRecord};

/// An emulator with a workflow `order` of these steps, and with more seeds.
fn emulator(steps: Value, more: Value) -> Emulator {
    let mut seeds = json!({
        "apiKeys": [{
            "key": "test-key", "environment": "e", "environmentId": "650000000000000000000003",
            "organizationId": "o", "userId": "u",
        }],
        "workflows": { "e": [{
            "_id": "650000000000000000000101", "active": true, "steps": steps,
            "triggers": [{ "identifier": "order", "variables": [] }],
        }] },
        "subscribers": { "e": [{ "subscriberId": "ada", "email": "ada@example.com", "phone": "+49" }] },
    });
    let more = more.as_object().cloned().unwrap_or_default();
    seeds
        .as_object_mut()
        .unwrap()
        .extend(more.into_iter().map(|(section, entries)| (section, json!({ "e": entries }))));
    Emulator::from_seeds(Seeds::from_json(&seeds.to_string()).unwrap())
}

fn step(template: Value) -> Value {
    json!({ "active": true, "template": template })
}

fn email(content: &str) -> Value {
    step(json!({ "type": "email", "contentType": "customHtml", "subject": "s", "content": content }))
}

/// Triggers `order` for `ada`, with more fields of the event, and returns all messages.
async fn trigger(emulator: &Emulator, event: Value) -> Vec<Message> {
    let mut body = json!({ "name": "order", "to": "ada", "payload": {} });
    body.as_object_mut().unwrap().extend(event.as_object().cloned().unwrap());
    let request = http::Request::post("/v1/events/trigger")
        .header("authorization", "ApiKey test-key")
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap();
    assert_eq!(emulator.answer(request).await.status(), 201);
    emulator.messages()
}

fn options(message: &Message) -> &Value {
    message.email().expect("an e-mail").options()
}

#[tokio::test]
async fn attachments_keep_some_fields() {
    let emulator = emulator(json!([email("{{attachments.length}}")]), json!({}));
    let attachment =
        json!({ "name": "a.pdf", "mime": "application/pdf", "file": "YQ==", "cid": "c", "channels": ["sms"] });
    let messages = trigger(&emulator, json!({ "payload": { "attachments": [attachment] } })).await;
    let expected = json!([{ "name": "a.pdf", "mime": "application/pdf", "channels": ["sms"] }]);
    assert_eq!(options(&messages[0])["attachments"], expected);
    assert_eq!(messages[0].email().unwrap().text(), "1");
}

#[tokio::test]
async fn overrides_of_an_email_are_not_rendered_and_a_text_takes_the_place_of_the_html() {
    let emulator = emulator(json!([email("c")]), json!({}));
    let overrides = json!({ "email": { "text": "{{x}}", "subject": "{{x}}", "to": "ab", "senderName": "" } });
    let messages = trigger(&emulator, json!({ "overrides": overrides })).await;
    let options = options(&messages[0]);
    assert_eq!((&options["text"], &options["html"]), (&json!("{{x}}"), &json!("{{x}}")));
    // JavaScript spreads a string into its characters.
    assert_eq!(options["to"], json!(["ada@example.com", "a", "b"]));
    assert_eq!((&options["subject"], options.get("senderName")), (&json!("{{x}}"), None));
}

#[tokio::test]
async fn an_event_selects_an_integration_and_a_layout() {
    let integration = |id: &str, active: bool| json!({ "_id": id, "channel": "email", "providerId": id, "identifier": id, "active": active, "primary": id == "one" });
    let seeds = json!({
        "integrations": [integration("one", true), integration("two", true), integration("off", false)],
        "layouts": [{ "_id": "l1", "identifier": "shop", "content": "<i>{{{body}}}</i>" }],
    });
    let emulator = emulator(json!([email("c")]), seeds);
    let select =
        |id: &str| json!({ "overrides": { "email": { "integrationIdentifier": id }, "layoutIdentifier": "shop" } });
    assert_eq!(trigger(&emulator, json!({})).await[0].provider(), "one");
    let messages = trigger(&emulator, select("two")).await;
    assert_eq!(messages[1].provider(), "two");
    assert_eq!(options(&messages[1])["html"], "<html><head></head><body><i>c</i></body></html>");
    for inactive_or_unknown in ["off", "none"] {
        assert_eq!(trigger(&emulator, select(inactive_or_unknown)).await.len(), 2);
    }
}

#[tokio::test]
async fn conditions_on_the_tenant_select_an_integration_and_turn_a_channel_off() {
    let is_acme = json!({ "on": "tenant", "field": "identifier", "operator": "EQUAL", "value": "acme" });
    let integration = |id: &str, conditions: Value| {
        json!({
            "_id": id, "channel": "sms", "providerId": id, "active": true, "primary": id == "one", "conditions": conditions,
        })
    };
    let seeds = json!({
        "integrations": [
            integration("one", json!([])),
            integration("two", json!([{ "value": "AND", "children": [is_acme] }])),
        ],
        "tenants": [{ "identifier": "acme" }, { "identifier": "other" }, { "identifier": "quiet" }],
        "workflowOverrides": [
            { "workflow": "order", "tenant": "quiet", "active": true, "preferenceSettings": { "sms": false } },
        ],
    });
    let emulator = emulator(json!([step(json!({ "type": "sms", "content": "{{tenant.identifier}}" }))]), seeds);
    for (tenant, provider) in [("acme", Some("two")), ("other", Some("one")), ("quiet", None)] {
        let before = emulator.messages().len();
        let messages = trigger(&emulator, json!({ "tenant": tenant })).await;
        let sent: Vec<_> =
            messages[before..].iter().map(|message| (message.provider(), message.sms().unwrap().text())).collect();
        assert_eq!(sent, Vec::from_iter(provider.map(|provider| (provider, tenant))));
    }
}

#[tokio::test]
async fn chat_goes_to_each_account_and_to_whatsapp() {
    let integration =
        |id: &str| json!({ "_id": id, "channel": "chat", "providerId": id, "identifier": id, "active": true });
    let account = |provider: &str, credentials: Value| json!({ "providerId": provider, "_integrationId": provider, "credentials": credentials });
    let channels = [
        account("slack", json!({ "webhookUrl": "https://slack.example.com", "channel": "#ops" })),
        account("discord", json!({})),
        account("msteams", json!({ "webhookUrl": "https://teams.example.com" })),
        account("fcm", json!({ "deviceTokens": ["t"] })),
    ];
    let seeds = json!({
        "integrations": [integration("slack"), integration("discord"), integration("whatsapp-business")],
        "subscribers": [{ "subscriberId": "ada", "phone": "+49", "channels": channels }],
    });
    let emulator = emulator(json!([step(json!({ "type": "chat", "content": "c" }))]), seeds);
    let messages = trigger(&emulator, json!({})).await;
    let found: Vec<_> = messages.iter().map(|message| (message.provider(), message.status())).collect();
    assert_eq!(
        found,
        [
            ("slack", MessageStatus::Sent),
            ("discord", MessageStatus::Warning),
            ("whatsapp-business", MessageStatus::Sent),
        ]
    );
    assert_eq!(messages[0].chat().unwrap().channel(), Some("#ops"));
    assert_eq!(messages[2].chat().unwrap().options()["phoneNumber"], "+49");
}

#[tokio::test]
async fn push_goes_to_each_account_and_reports_each_failure() {
    let integration = |id: &str| json!({ "_id": id, "channel": "push", "providerId": id, "active": true });
    let account = |provider: &str, tokens: Value| json!({ "providerId": provider, "_integrationId": provider, "credentials": { "deviceTokens": tokens } });
    let channels = [account("fcm", json!(["a", "b"])), account("apns", json!(["c"])), account("expo", json!([]))];
    let seeds = json!({
        "integrations": [integration("fcm"), integration("apns")],
        "subscribers": [{ "subscriberId": "ada", "channels": channels }],
    });
    let emulator = emulator(json!([step(json!({ "type": "push", "title": "t", "content": "c" }))]), seeds);
    emulator.fail_provider("apns", "expired");
    let messages = trigger(&emulator, json!({})).await;
    let found: Vec<_> =
        messages.iter().map(|message| (message.push().unwrap().device_tokens(), message.reason())).collect();
    assert_eq!(found, [(vec!["a", "b"], None), (vec!["c"], Some("expired"))]);
    let details = super::details(&emulator).await;
    let details: Vec<&str> = details.iter().filter_map(|detail| detail["detail"].as_str()).collect();
    let expected = [
        "Integration instance selected",
        "Message created: fcm",
        "Message sent: fcm",
        "Message sent: fcm",
        "Integration instance selected",
        "Message created: apns",
        "Unexpected provider error",
        "Subscriber credentials is missing the tokens for sending a push notification message",
        "Subscriber does not have an active integration",
        "There was one or more errors when trying to execute the notification",
    ];
    assert!(details.ends_with(&expected), "{details:?}");
}

#[tokio::test]
async fn an_exception_fails_the_step_and_the_next_one_runs_unless_the_step_stops() {
    let is_in = json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "missing", "operator": "IN", "value": "x" },
    ] }]);
    let variants = json!([{ "_templateId": "gone", "active": true, "filters": [{ "value": "AND", "children": [] }] }]);
    for (field, value) in [("filters", is_in), ("variants", variants)] {
        for stops in [false, true] {
            let mut first = step(json!({ "type": "sms", "content": "first" }));
            first[field] = value.clone();
            first["shouldStopOnFail"] = stops.into();
            let steps = json!([first, step(json!({ "type": "in_app", "content": "second" }))]);
            let emulator = emulator(steps, json!({}));
            let messages = trigger(&emulator, json!({})).await;
            assert_eq!(messages.len(), usize::from(!stops), "{field}");
            let notification = &emulator.notifications()[0];
            let last = if stops { StepOutcome::Pending } else { StepOutcome::Sent };
            let outcomes: Vec<StepOutcome> = notification.steps().map(StepRecord::outcome).collect();
            assert_eq!(outcomes, [StepOutcome::Failed, last], "{field}");
            let reason = notification.steps().next().unwrap().reason();
            assert_eq!(reason, notification.errors().next().map(|(_, error)| error));
            assert_eq!(notification.errors().count(), 1);
        }
    }
}

#[tokio::test]
async fn a_webhook_decides_about_a_step() {
    let webhook = json!([{ "value": "AND", "children": [{
        "on": "webhook", "webhookUrl": "https://example.com/vip", "field": "vip", "operator": "EQUAL", "value": "true",
    }] }]);
    let mut sms = step(json!({ "type": "sms", "content": "c" }));
    sms["filters"] = webhook;
    let emulator = emulator(json!([sms]), json!({}));
    let url = "https://example.com/vip";
    emulator.webhook(url, 200, json!({ "vip": true }));
    assert_eq!(trigger(&emulator, json!({})).await.len(), 1);
    emulator.webhook(url, 200, json!({ "vip": false }));
    assert_eq!(trigger(&emulator, json!({})).await.len(), 1);
    emulator.webhook(url, 503, json!({}));
    assert_eq!(trigger(&emulator, json!({})).await.len(), 1);
    let errors: Vec<usize> =
        emulator.notifications().iter().map(|notification| notification.errors().count()).collect();
    assert_eq!(errors, [0, 0, 1]);
}

#[tokio::test]
async fn the_blocks_of_an_editor_are_rendered_into_the_built_in_layout() {
    let blocks = json!([
        { "type": "text", "content": "Hi {{name}}", "styles": { "textAlign": "center" } },
        { "type": "button", "content": "Open", "url": "https://example.com/?id={{id}}" },
    ]);
    let template = json!({ "type": "email", "subject": "s", "preheader": "teaser", "content": blocks });
    let emulator = emulator(json!([step(template)]), json!({ "settings": { "branding": { "color": "#123456" } } }));
    let messages = trigger(&emulator, json!({ "payload": { "name": "<Ada>", "id": 7 } })).await;
    let email = messages[0].email().unwrap();
    assert_eq!(email.text(), "Hi <Ada>\nOpen");
    for part in ["text-align: center", "href=\"https://example.com/?id=7\"", "#123456", "teaser"] {
        assert!(email.html().contains(part), "{part}: {}", email.html());
    }
}
