//! A workflow with layouts.

use serde_json::{Value, json};

use crate::support::document;

/// A workflow that has everything a template file keeps, and much that it does not.
pub(crate) fn receipt() -> Value {
    let ids = |id: &str| {
        json!({
            "_id": id, "id": id, "_environmentId": "env-secret", "_organizationId": "org-secret", "_creatorId": "user-secret",
            "_feedId": null, "deleted": false, "createdAt": "2026-01-01T00:00:00.000Z", "__v": 0,
        })
    };
    let with = |mut object: Value, more: &Value| {
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let child = |on: &str, field: &str| json!({ "_id": "c1", "id": "c1", "on": on, "field": field, "operator": "EQUAL", "value": "{{payload.plan}}" });
    let webhook = with(
        child("webhook", "ok"),
        &json!({ "webhookUrl": "https://user:pw@hook.test:8443/path-secret?token=secret" }),
    );
    let email = with(
        json!({
            "type": "email", "contentType": "customHtml", "subject": "Receipt {{number}}", "preheader": "", "senderName": null,
            "content": "<p>\n  Hello {{subscriber.firstName}}\n</p>\n", "_layoutId": "6a0000000000000000000001",
            "variables": [
                { "_id": "v1", "id": "v1", "name": "number", "type": "String", "required": true },
                { "_id": "v2", "id": "v2", "name": "extra", "type": "Array", "required": false,
                  "defaultValue": [{ "_id": "mine", "content": ["a", "b"] }] },
            ],
        }),
        &ids("t1"),
    );
    let variant = with(
        json!({
            "type": "email", "contentType": "editor", "subject": "Gold",
            "content": [
                { "_id": "b1", "id": "b1", "type": "text", "content": "Dear {{name}},\r\nthank you", "styles": { "textAlign": "center" } },
                { "_id": "b2", "id": "b2", "type": "button", "content": "Open", "url": "https://shop.test/{{number}}?x=1" },
            ],
            "_layoutId": "6a0000000000000000000002",
        }),
        &ids("t2"),
    );
    let in_app = with(
        json!({
            "type": "in_app", "content": "Paid", "actor": { "type": "user", "data": null },
            "cta": { "type": "redirect", "data": { "url": "/orders/{{number}}" },
                     "action": { "buttons": [{ "type": "primary", "content": "Open" }] } },
        }),
        &ids("t3"),
    );
    let no_metadata = json!({ "timed": { "weekDays": [], "monthDays": [] } });
    let steps = json!([
        with(
            json!({ "name": "Wait", "uuid": "u0", "active": true, "shouldStopOnFail": false, "filters": [], "variants": [],
            "metadata": { "type": "regular", "amount": 5, "unit": "minutes", "timed": { "weekDays": [], "monthDays": [] } },
            "template": { "type": "delay", "content": "", "_id": "t0" } }),
            &ids("s0")
        ),
        with(
            json!({ "name": "Mail", "uuid": "u1", "active": true, "shouldStopOnFail": true, "metadata": no_metadata,
            "filters": [{ "_id": "f1", "value": "AND", "type": "BOOLEAN", "isNegated": false, "children": [child("payload", "plan"), webhook] }],
            "replyCallback": { "active": true, "url": "https://replies.test/path-secret" }, "template": email, "_templateId": "t1",
            "variants": [with(json!({ "name": "For gold", "active": true, "_templateId": "t2", "template": variant, "metadata": no_metadata,
                "filters": [{ "_id": "f2", "value": "AND", "children": [child("tenant", "identifier")] }] }), &ids("v0"))] }),
            &ids("s1")
        ),
        with(
            json!({ "name": "Feed", "uuid": "u2", "active": false, "metadata": no_metadata, "template": in_app }),
            &ids("s2")
        ),
    ]);
    let mut receipt = with(
        document("receipt / v2", &steps, &json!([{ "name": "number", "type": "String" }])),
        &ids("6b0000000000000000000001"),
    );
    receipt["critical"] = json!(true);
    receipt["preferenceSettings"] = json!({ "sms": true, "email": false });
    receipt["triggers"][0]["reservedVariables"] =
        json!([{ "_id": "r", "id": "r", "type": "tenant", "variables": [{ "name": "identifier", "type": "String" }] }]);
    receipt
}

/// The layouts of [`receipt`], and one that it does not use.
pub(crate) fn layouts() -> Value {
    let layout = |id: &str, identifier: &str, is_default: bool, content: &str| {
        json!({
            "_id": id, "_environmentId": "env-secret", "_organizationId": "org-secret", "_creatorId": "user-secret",
            "name": identifier, "identifier": identifier, "channel": "email", "contentType": "customHtml", "content": content,
            "isDefault": is_default, "deleted": false, "createdAt": "2026-01-01T00:00:00.000Z",
            "variables": [{ "_id": "lv", "name": "company", "type": "String", "required": false, "defaultValue": "Acme" }],
        })
    };
    json!([
        layout("6a0000000000000000000001", "main", true, "<body>\n{{{body}}}\n{{company}}\n</body>"),
        layout("6a0000000000000000000002", "slim", false, "<i>{{{body}}}</i>"),
        layout("6a0000000000000000000003", "other", false, "{{{body}}}"),
    ])
}
