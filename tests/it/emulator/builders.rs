//! What the author of a test cannot do with `Workflow`, `Preference` and the setters of `Emulator`, and what seeds cannot say.

use std::panic::{UnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Client, Event};
use teleflow_emulator::{Channel, Emulator, Seeds, Workflow};

/// The text with which a set-up panics.
fn panic_text<T>(set_up: impl FnOnce() -> T + UnwindSafe) -> String {
    let Err(panic) = catch_unwind(|| drop(set_up())) else { panic!("the set-up does not panic") };
    panic.downcast_ref::<String>().expect("a text").clone()
}

#[test]
fn a_setter_for_another_step_panics() {
    let sms = || Workflow::new("w").email("s", "c").sms("text");
    let expected = |method: &str, channel: Channel, last: &str| {
        format!("workflow `w`: `{method}` is for a step `{channel}`, but the last step is {last}")
    };
    assert_eq!(panic_text(|| sms().preheader("x")), expected("preheader", Channel::Email, "sms"));
    assert_eq!(panic_text(|| sms().sender_name("x")), expected("sender_name", Channel::Email, "sms"));
    assert_eq!(panic_text(|| sms().layout("x")), expected("layout", Channel::Email, "sms"));
    assert_eq!(panic_text(|| sms().link("x")), expected("link", Channel::InApp, "sms"));
    assert_eq!(panic_text(|| Workflow::new("w").link("x")), expected("link", Channel::InApp, "missing"));
    let digest = || Workflow::new("w").email("s", "c").digest(Duration::from_secs(1));
    assert_eq!(panic_text(|| digest().layout("x")), expected("layout", Channel::Email, "digest"));

    let missing =
        |method: &str| format!("workflow `w`: `{method}` is for the step that was added last, but there is none");
    assert_eq!(panic_text(|| Workflow::new("w").named("x")), missing("named"));
    assert_eq!(panic_text(|| Workflow::new("w").when(json!([]))), missing("when"));
    assert_eq!(panic_text(|| Workflow::new("w").stop_on_fail()), missing("stop_on_fail"));
}

#[test]
fn malformed_conditions_panic() {
    let field = |key: &str, value: Value| {
        let mut child = json!({ "on": "payload", "field": "total", "operator": "LARGER", "value": "100" });
        match value {
            Value::Null => drop(child.as_object_mut().unwrap().shift_remove(key)),
            value => child[key] = value,
        }
        json!([{ "value": "AND", "children": [child] }])
    };
    let group = |group: Value| json!([{ "value": "OR", "children": [] }, group]);
    let child = |child: Value| json!([{ "value": "AND", "children": [child] }]);
    let operators =
        "`EQUAL`, `NOT_EQUAL`, `LARGER`, `SMALLER`, `LARGER_EQUAL`, `SMALLER_EQUAL`, `IN`, `NOT_IN`, `IS_DEFINED`";
    let cases = [
        (json!({}), "expected an array of groups".to_owned()),
        (group(json!("AND")), "`[1]` is not an object".to_owned()),
        (group(json!({ "children": [] })), "`[1].value` is missing".to_owned()),
        (group(json!({ "value": "XOR", "children": [] })), "`[1].value` is `XOR`; expected `AND`, `OR`".to_owned()),
        (group(json!({ "value": "OR" })), "`[1].children` is not an array of conditions".to_owned()),
        (
            group(json!({ "value": "OR", "children": [], "child": [] })),
            "`[1]` has the unknown key `child`; expected `value`, `children`, `isNegated`, `type`, `_id`".to_owned(),
        ),
        (field("field", Value::Null), "`[0].children[0].field` is missing".to_owned()),
        (field("operator", json!("LIKE")), format!("`[0].children[0].operator` is `LIKE`; expected {operators}")),
        (
            field("value", json!(100)),
            "`[0].children[0].value` is not a string; the server converts it to the field's type".to_owned(),
        ),
        (
            field("values", json!("100")),
            "`[0].children[0]` has the unknown key `values`; expected `field`, `operator`, `value`, `webhookUrl`, `on`, `_id`"
                .to_owned(),
        ),
        (child(json!({ "on": "isOnline", "value": "true" })), "`[0].children[0].value` is not a boolean".to_owned()),
        (
            child(json!({ "on": "isOnlineInLast", "value": 5, "timeOperator": "weeks" })),
            "`[0].children[0].timeOperator` is `weeks`; expected `minutes`, `hours`, `days`".to_owned(),
        ),
        (
            child(json!({ "on": "previousStep", "step": "s", "stepType": "opened" })),
            "`[0].children[0].stepType` is `opened`; expected `read`, `unread`, `seen`, `unseen`".to_owned(),
        ),
    ];
    for (filters, expected) in cases {
        let text = panic_text(|| Workflow::new("w").sms("text").when(filters.clone()));
        assert_eq!(text, format!("workflow `w`: `when`: {expected}"), "{filters}");
    }
    let accepted = [
        json!({ "on": "payload", "field": "plan", "operator": "IS_DEFINED" }),
        json!({ "on": "isOnline", "value": true }),
        json!({ "on": "isOnlineInLast", "value": 5, "timeOperator": "hours" }),
        json!({ "on": "previousStep", "step": "s", "stepType": "unread" }),
    ];
    let workflow = Workflow::new("w").sms("text").when(json!([{ "value": "OR", "children": accepted }]));
    Emulator::new().workflow(workflow);
}

#[test]
fn a_provider_without_an_integration_panics() {
    let expected = |provider: &str| {
        format!(
            "no integration has the provider `{provider}`; the providers are `sendgrid`, `twilio`, `novu`, `fcm`, `slack`"
        )
    };
    assert_eq!(panic_text(|| Emulator::new().fail_provider("sengrid", "x").clone()), expected("sengrid"));
    assert_eq!(panic_text(|| Emulator::new().restore_provider("sms").clone()), expected("sms"));
}

#[test]
fn seeds_and_documents_with_an_unknown_channel_or_step_are_refused() {
    let key = json!({ "key": "k", "environment": "dev", "environmentId": "e", "organizationId": "o", "userId": "u" });
    let error = |section: &str, entry: Value| {
        let seeds = json!({ "apiKeys": [key], section: { "dev": [entry] } });
        Seeds::from_json(&seeds.to_string()).unwrap_err().to_string()
    };
    let unknown = "unknown channel `in-app`; the channels are `email`, `sms`, `push`, `chat`, `in_app`";
    let integration = json!({ "_id": "i", "channel": "in-app", "providerId": "novu" });
    assert!(error("integrations", integration.clone()).contains(unknown));
    let preference = json!({ "subscriberId": "ada", "channels": { "in-app": false } });
    assert!(error("preferences", preference).contains(unknown));
    let workflow = json!({ "triggers": [{ "identifier": "w" }], "steps": [{ "template": { "type": "in-app" } }] });
    let unknown_step = "`steps[0].template.type` is `in-app`; expected `email`, `sms`, `push`, `chat`, `in_app`, `digest`, \
                        `delay`, `trigger`, `custom`, `chimera`";
    assert!(error("workflows", workflow.clone()).contains(unknown_step));

    let emulator = Emulator::new();
    assert_eq!(emulator.integration_document(integration).unwrap_err().to_string(), unknown);
    assert_eq!(emulator.workflow_document(workflow).unwrap_err().to_string(), unknown_step);
}

#[tokio::test(start_paused = true)]
async fn delays_and_digests_count_milliseconds() {
    let millis = Duration::from_millis;
    for (duration, waits) in [(millis(500), 500), (millis(1_001), 1_001), (Duration::from_micros(2_500), 2)] {
        for workflow in [Workflow::new("w").delay(duration), Workflow::new("w").digest(duration)] {
            let emulator = Emulator::new();
            emulator.workflow(workflow.in_app("text"));
            let client = Client::builder().transport(emulator.clone()).build().unwrap();
            Event::untyped("w", json!({})).to("ada").send(&client).await.unwrap();
            emulator.advance(millis(waits - 1));
            assert!(emulator.messages().is_empty(), "{duration:?}");
            emulator.advance(millis(1));
            assert_eq!(emulator.messages().len(), 1, "{duration:?}");
        }
    }
}
