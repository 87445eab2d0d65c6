//! Random documents, files and events.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Keys that the emulator reads somewhere, and some that are special in JavaScript.
const KEYS: [&str; 40] = [
    "type",
    "content",
    "subject",
    "title",
    "cta",
    "data",
    "url",
    "action",
    "buttons",
    "actor",
    "variables",
    "name",
    "required",
    "defaultValue",
    "children",
    "value",
    "on",
    "field",
    "operator",
    "webhookUrl",
    "step",
    "stepType",
    "timeOperator",
    "atTime",
    "weekDays",
    "monthDays",
    "monthlyType",
    "ordinal",
    "ordinalValue",
    "credentials",
    "deviceTokens",
    "providerId",
    "_integrationId",
    "channel",
    "_templateId",
    "__proto__",
    "constructor",
    "length",
    "0",
    "toString",
];

const TEXTS: [&str; 44] = [
    "",
    "0",
    "5",
    "-1",
    "1e999",
    "NaN",
    "seconds",
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "each",
    "on",
    "first",
    "last",
    "weekday",
    "monday",
    "9:00",
    "25:99",
    "email",
    "sms",
    "in_app",
    "payload",
    "subscriber",
    "tenant",
    "webhook",
    "previousStep",
    "isOnlineInLast",
    "AND",
    "OR",
    "EQUAL",
    "IN",
    "LARGER",
    "2030-01-01T00:00:00.000Z",
    "a.b",
    "{{a}}{{{body}}}",
    "{{#each step.events}}{{a.b}}{{/each}}",
    "{{#if",
    "{{> partial}}",
    "{{#sortBy a 'b'}}{{/sortBy}}",
    "{{dateFormat a 'yyyy'}}",
    "<p style='color: red'>{{a}}</p>",
    "https://example.com/{{a}}",
];

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![8 => select(&TEXTS[..]).prop_map(Value::from), 1 => ".{0,40}".prop_map(Value::from)]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3_i64..100).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0.0..3.0).prop_map(|number: f64| Value::from(number)),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => number(),
        4 => text(),
    ];
    leaf.prop_recursive(5, 30, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((select(&KEYS[..]), inner), 0..5)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// An object with some of these fields. A field that is often valid is more often reached by the worker.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            let value = prop_oneof![1 => Just(None), 8 => value.prop_map(Some), 1 => any_json().prop_map(Some)];
            value.prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(texts).prop_map(Value::from).boxed()
}

fn template() -> BoxedStrategy<Value> {
    object(vec![
        ("type", one_of(&["email", "sms", "push", "chat", "in_app", "delay", "digest", "digest", "delay"])),
        ("contentType", one_of(&["editor", "customHtml"])),
        ("subject", text().boxed()),
        ("content", prop_oneof![text(), any_json()].boxed()),
        ("title", text().boxed()),
        ("preheader", text().boxed()),
        ("senderName", text().boxed()),
        ("cta", any_json().boxed()),
        ("actor", any_json().boxed()),
        ("layout", one_of(&["main", "gone"])),
        ("_layoutId", one_of(&["main", "gone"])),
        (
            "variables",
            vec(object(vec![("name", text().boxed()), ("type", text().boxed())]), 0..2).prop_map(Value::from).boxed(),
        ),
    ])
}

fn filters() -> BoxedStrategy<Value> {
    let child = object(vec![
        ("on", one_of(&["payload", "subscriber", "tenant", "webhook", "isOnline", "isOnlineInLast", "previousStep"])),
        ("field", text().boxed()),
        ("operator", one_of(&["EQUAL", "NOT_EQUAL", "LARGER", "SMALLER_EQUAL", "IN", "NOT_IN", "IS_DEFINED", "LIKE"])),
        ("value", prop_oneof![text(), any_json()].boxed()),
        ("webhookUrl", text().boxed()),
        ("timeOperator", text().boxed()),
    ]);
    let group =
        object(vec![("value", one_of(&["AND", "OR"])), ("children", vec(child, 0..3).prop_map(Value::from).boxed())]);
    vec(group, 0..3).prop_map(Value::from).boxed()
}

fn metadata() -> BoxedStrategy<Value> {
    let timed = object(vec![
        ("atTime", text().boxed()),
        ("weekDays", vec(text(), 0..3).prop_map(Value::from).boxed()),
        ("monthDays", vec(number(), 0..3).prop_map(Value::from).boxed()),
        ("monthlyType", one_of(&["each", "on"])),
        ("ordinal", one_of(&["first", "fifth", "last"])),
        ("ordinalValue", one_of(&["day", "weekday", "weekend", "sunday"])),
    ]);
    let unit = || one_of(&["seconds", "minutes", "hours", "days", "weeks", "months", "years"]);
    let amount = || prop_oneof![number(), text()].boxed();
    object(vec![
        ("type", one_of(&["regular", "backoff", "scheduled", "timed"])),
        ("amount", amount()),
        ("unit", unit()),
        ("backoff", any::<bool>().prop_map(Value::from).boxed()),
        ("backoffAmount", amount()),
        ("backoffUnit", unit()),
        ("digestKey", one_of(&["a", "a.b", "subscriber.id", "length", ""])),
        ("delayPath", one_of(&["a", "a.b", "date"])),
        ("timed", timed),
    ])
}

fn steps() -> BoxedStrategy<Value> {
    let variant = object(vec![
        ("active", Just(Value::from(true)).boxed()),
        ("filters", filters()),
        ("_templateId", one_of(&["t", "gone"])),
        ("template", template()),
    ]);
    let reply = object(vec![("active", Just(Value::from(true)).boxed()), ("url", text().boxed())]);
    let step = object(vec![
        ("active", Just(Value::from(true)).boxed()),
        ("name", text().boxed()),
        ("uuid", one_of(&["s", "5"])),
        ("shouldStopOnFail", any::<bool>().prop_map(Value::from).boxed()),
        ("filters", prop_oneof![1 => Just(json!([])), 1 => filters()].boxed()),
        ("variants", vec(variant, 0..2).prop_map(Value::from).boxed()),
        ("replyCallback", reply),
        ("metadata", metadata()),
        ("template", template()),
    ]);
    vec(step, 0..5).prop_map(Value::from).boxed()
}

fn layout() -> BoxedStrategy<Value> {
    object(vec![
        ("_id", one_of(&["main"])),
        ("identifier", one_of(&["main"])),
        ("content", text().boxed()),
        ("isDefault", any::<bool>().prop_map(Value::from).boxed()),
        (
            "variables",
            vec(object(vec![("name", text().boxed()), ("defaultValue", any_json().boxed())]), 0..2)
                .prop_map(Value::from)
                .boxed(),
        ),
    ])
}

fn subscriber() -> BoxedStrategy<Value> {
    let channel = object(vec![
        ("providerId", one_of(&["fcm", "slack", "whatsapp-business", "apns"])),
        ("_integrationId", one_of(&["fcm", "slack", "gone"])),
        ("credentials", any_json().boxed()),
    ]);
    object(vec![
        ("email", text().boxed()),
        ("phone", text().boxed()),
        ("locale", text().boxed()),
        ("isOnline", any::<bool>().prop_map(Value::from).boxed()),
        ("lastOnlineAt", text().boxed()),
        ("data", any_json().boxed()),
        ("channels", vec(channel, 0..3).prop_map(Value::from).boxed()),
    ])
}

/// Everything that one case loads, and the event that it sends.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) workflow: Value,
    pub(super) sections: Value,
    pub(super) template_file: Value,
    pub(super) recipient: Value,
    pub(super) payload: Value,
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    let workflow = object(vec![
        ("_id", one_of(&["65f000000000000000000001", "x"])),
        ("critical", any::<bool>().prop_map(Value::from).boxed()),
        ("preferenceSettings", any_json().boxed()),
        ("steps", steps()),
    ]);
    let sections = object(vec![
        ("layouts", layout().prop_map(|layout| json!([layout])).boxed()),
        ("messageTemplates", template().prop_map(|template| json!([template])).boxed()),
        (
            "preferences",
            any_json().prop_map(|channel| json!([{ "subscriberId": "ada", "channels": { "sms": channel } }])).boxed(),
        ),
        ("tenants", any_json().prop_map(|data| json!([{ "identifier": "acme", "data": data }])).boxed()),
        (
            "integrations",
            object(vec![
                ("_id", one_of(&["mail"])),
                ("channel", one_of(&["email", "push", "chat"])),
                ("providerId", one_of(&["mailgun", "fcm"])),
                ("active", Just(Value::from(true)).boxed()),
                ("credentials", any_json().boxed()),
                ("conditions", filters()),
            ])
            .prop_map(|integration| json!([integration]))
            .boxed(),
        ),
        ("settings", any_json().prop_map(|branding| json!({ "branding": branding, "dns": branding })).boxed()),
    ]);
    let template_file = object(vec![
        ("steps", steps()),
        ("layouts", layout().prop_map(|layout| json!([layout])).boxed()),
        ("reservedVariables", any_json().boxed()),
        ("preferenceSettings", any_json().boxed()),
    ]);
    let payload =
        object(vec![("a", any_json().boxed()), ("date", text().boxed()), ("attachments", any_json().boxed())]);
    (workflow, sections, template_file, subscriber(), payload).prop_map(
        |(workflow, sections, template_file, recipient, payload)| Case {
            workflow,
            sections,
            template_file,
            recipient,
            payload,
        },
    )
}
