//! Neighbors of the recorded cases. Their results were computed with lodash 4.17, rrule 2.7 and sanitize-html 2.10, which
//! the server uses, or follow from its sources.

use serde_json::{Map, Value, json};

use super::evaluate;

fn answer(path: &str, input: Value) -> Value {
    let Value::Object(input) = input else { panic!("{input} is not an object") };
    evaluate(path, &input)
}

fn condition(filters: Value, variables: Value) -> Value {
    answer("/__conditions", json!({ "filters": filters, "variables": variables }))
}

fn on_payload(field: &str, operator: &str, value: &str) -> Value {
    json!({ "on": "payload", "field": field, "operator": operator, "value": value })
}

#[test]
fn paths_are_read_as_lodash_reads_them() {
    let payload = json!({
        "items": [{ "sku": "A" }, { "sku": "B" }], "a.b": 1, "a": { "": "empty", "c d": 2, "b": { "c": "x" } },
        "s": "añ😀", "n": 5, "valueOf": "lost",
    });
    let equal = [
        ("items[1].sku", "B"),
        ("items.length", "2"),
        ("a.", "empty"),
        (r#"a["c d"]"#, "2"),
        ("a['c d']", "2"),
        ("a[b][c]", "x"),
        ("[items][0].sku", "A"),
        ("s[1]", "ñ"),
        ("s.length", "4"),
        ("constructor.name", "Object"),
        ("items.constructor.name", "Array"),
        ("a.b.c.length", "1"),
    ];
    let cases = equal.iter().map(|(path, value)| (on_payload(path, "EQUAL", value), true));
    let defined = ["n.toFixed", "s.trim", "items.map", "__proto__", "a.hasOwnProperty", "valueOf"];
    let undefined = ["items.01.sku", "items[01].sku", "a..x", ".a.b.c", "s.nope", "items[-1]", "n.trim", "a.toFixed"];
    let cases = cases
        .chain(defined.iter().map(|path| (on_payload(path, "IS_DEFINED", ""), true)))
        .chain(undefined.iter().map(|path| (on_payload(path, "IS_DEFINED", ""), false)))
        // A function inherited from the prototype took its place.
        .chain([(on_payload("valueOf", "EQUAL", "lost"), false)]);
    for (child, expected) in cases {
        let got = condition(json!([{ "value": "AND", "children": [child] }]), json!({ "payload": payload }));
        assert_eq!(got["passed"], expected, "{child}: {got}");
    }
}

#[test]
fn values_are_compared_as_javascript_compares_them() {
    let cases = [
        (json!(null), "SMALLER", "1", true),
        (json!([]), "LARGER_EQUAL", "0", false),
        (json!([]), "SMALLER", "0", true),
        (json!([1, [2, null]]), "LARGER_EQUAL", "1,2,", true),
        (json!({}), "SMALLER", "[object Objecu", true),
        (json!(true), "LARGER_EQUAL", "anything", true),
        (json!(0), "EQUAL", "-0", true),
        (json!(255), "EQUAL", "0xff", true),
        (json!(8), "EQUAL", "0o10", true),
        (json!(3), "EQUAL", "0b11", true),
        (json!(-16), "EQUAL", "-0x10", false),
        (json!(1), "SMALLER", "Infinity", true),
        (json!(1), "EQUAL", "1_0", false),
        (json!(0.5), "EQUAL", ".5", true),
        (json!(5), "EQUAL", "5.", true),
        (json!(1.0), "EQUAL", "\u{feff}1\n", true),
        (json!(["a", 1]), "IN", "1", false),
        (json!("x"), "LIKE", "x", false),
    ];
    for (actual, operator, value, expected) in cases {
        let filters = json!([{ "value": "AND", "children": [on_payload("v", operator, value)] }]);
        let got = condition(filters, json!({ "payload": { "v": actual } }));
        assert_eq!(got["passed"], expected, "{actual} {operator} {value:?}: {got}");
    }
}

#[test]
fn groups_evaluate_what_the_worker_evaluates() {
    let fails = || json!({ "on": "payload", "field": "zz", "operator": "IN", "value": "x" });
    let (passes, not) = (|| on_payload("a", "EQUAL", "1"), || on_payload("a", "EQUAL", "2"));
    let webhook =
        |url: &str| json!({ "on": "webhook", "field": "ok", "operator": "EQUAL", "value": "true", "webhookUrl": url });
    let unrendered = || json!({ "on": "payload", "field": "a", "operator": "EQUAL", "value": 1 });
    let records =
        json!({ "payload": { "a": 1 }, "subscriber": { "subscriberId": "s" }, "tenant": { "identifier": "t" } });
    let ok = json!({ "status": 204, "body": { "ok": true } });
    // The children, and what is expected: the result, the number of unrendered values, and of webhook calls.
    let cases = [
        ("AND", json!([not(), fails()]), json!(null), 0, 0),
        ("AND", json!([unrendered(), fails(), unrendered()]), json!(null), 2, 0),
        ("OR", json!([not(), unrendered(), fails()]), json!(null), 1, 0),
        ("AND", json!([webhook("u"), not()]), json!(false), 0, 0),
        ("AND", json!([webhook("u"), passes(), webhook("v")]), json!(true), 0, 2),
        ("OR", json!([webhook("u"), webhook("v"), not()]), json!(true), 0, 1),
        ("and", json!([passes(), passes()]), json!(false), 0, 0),
        ("and", json!([webhook("u")]), json!(true), 0, 1),
        ("OR", json!([null, passes()]), json!(null), 0, 0),
        ("XOR", json!([null, passes()]), json!(false), 0, 0),
        ("AND", json!([null]), json!(null), 0, 0),
        ("AND", json!([7, "x"]), json!(false), 0, 0),
        ("AND", json!({}), json!(null), 0, 0),
        ("XOR", json!({}), json!(false), 0, 0),
        ("AND", json!(""), json!(true), 0, 0),
    ];
    for (operator, children, expected, unrendered, calls) in cases {
        let filters = json!([{ "value": operator, "children": children }]);
        let input = json!({ "filters": filters, "variables": records, "webhook": ok });
        let got = answer("/__conditions", input);
        let count = |field: &str| got[field].as_array().unwrap().len();
        assert_eq!(got["passed"], expected, "{filters}: {got}");
        assert_eq!(got["error"].is_string(), expected.is_null(), "{filters}: {got}");
        assert_eq!((count("logged"), count("webhookCalls")), (unrendered, calls), "{filters}: {got}");
    }
    for filters in [json!(null), json!([]), json!({ "children": [not()] }), json!("x")] {
        assert_eq!(condition(filters.clone(), records.clone())["passed"], true, "{filters}");
    }
    let filters = json!([{ "children": [webhook("http://hook")] }]);
    let got = answer("/__conditions", json!({ "filters": filters, "variables": records, "webhook": ok }));
    let body = json!({ "subscriber": { "subscriberId": "s" }, "payload": { "a": 1 }, "identifier": "workflow", "channel": "email" });
    assert_eq!(got["webhookCalls"], json!([body]));
}

#[test]
fn conditions_on_the_subscriber_read_its_last_visit_and_earlier_messages() {
    let now = "2024-06-01T12:00:00.000Z";
    let in_last = |value: Value, unit: &str| json!({ "on": "isOnlineInLast", "value": value, "timeOperator": unit });
    let online = |value: Value| json!({ "on": "isOnline", "value": value });
    let cases = [
        (in_last(json!("5"), "minutes"), json!({ "lastOnlineAt": "2024-06-01T11:55:00.000Z" }), true),
        (in_last(json!(0), "minutes"), json!({ "lastOnlineAt": "2024-06-01T12:00:59.000Z" }), true),
        (in_last(json!(5), "minutes"), json!({ "lastOnlineAt": "2024-06-01T12:01:00.000Z" }), false),
        (in_last(json!(5), "minutes"), json!({ "lastOnlineAt": "2024-06-01T11:54:00.000Z" }), false),
        (in_last(json!(1), "days"), json!({ "lastOnlineAt": "2024-05-30T12:00:00.001Z" }), true),
        (in_last(json!(5), "minutes"), json!({ "isOnline": null, "lastOnlineAt": "soon" }), false),
        (in_last(json!(null), "minutes"), json!({ "isOnline": false }), true),
        (in_last(json!("x"), "minutes"), json!({ "isOnline": false }), false),
        (online(json!(null)), json!({ "isOnline": null }), true),
        (online(json!(false)), json!({ "isOnline": null }), false),
        (json!({ "on": "isOnline" }), json!({ "lastOnlineAt": now }), true),
    ];
    for (child, subscriber, expected) in cases {
        let filters = json!([{ "children": [child] }]);
        let input = json!({ "filters": filters, "variables": { "payload": {}, "subscriber": subscriber }, "now": now });
        assert_eq!(answer("/__conditions", input)["passed"], expected, "{filters} {subscriber}");
    }

    let message = |channel: &str, seen: Value, read: Value| json!({ "channel": channel, "seen": seen, "read": read });
    let cases = [
        ("read", json!({ "message": null }), true),
        ("unseen", json!({ "message": message("in_app", json!(false), json!(true)) }), true),
        ("unseen", json!({ "message": message("in_app", json!(null), json!(true)) }), false),
        ("opened", json!({ "message": message("in_app", json!(true), json!(false)) }), false),
        ("seen", json!({ "message": message("email", json!(true), json!(true)), "opened": 2 }), true),
        ("unseen", json!({ "message": message("email", json!(true), json!(true)), "opened": 2 }), false),
        ("opened", json!({ "message": message("email", json!(false), json!(false)), "opened": 1 }), true),
    ];
    for (kind, previous, expected) in cases {
        let filters = json!([{ "children": [{ "on": "previousStep", "step": "uuid-1", "stepType": kind }] }]);
        let input = json!({ "filters": filters, "variables": { "payload": {} }, "previous": previous });
        assert_eq!(answer("/__conditions", input)["passed"], expected, "{kind} {previous}");
    }
}

fn delay(kind: &str, metadata: Value, payload: Value, overrides: Value) -> Value {
    let mut input = Map::new();
    let fields = [("metadata", metadata), ("payload", payload), ("overrides", overrides)];
    input.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    input.insert("kind".to_owned(), kind.into());
    input.insert("now".to_owned(), "2024-06-05T10:20:30.500Z".into());
    let answer = evaluate("/__delay", &input);
    answer.get("delay_ms").unwrap_or(&answer["error"]).clone()
}

#[test]
fn delays_are_computed_as_the_worker_computes_them() {
    let regular = |amount: Value, unit: &str| json!({ "type": "regular", "amount": amount, "unit": unit });
    let cases = [
        (regular(json!(2), "hours"), 7_200_000.0),
        (regular(json!(1), "months"), 1000.0),
        (regular(json!(null), "minutes"), 0.0),
        (regular(json!(true), "minutes"), 60_000.0),
        (regular(json!(-1), "minutes"), -60_000.0),
        (json!({ "type": "other", "amount": 5, "unit": "minutes" }), 0.0),
    ];
    for (metadata, expected) in cases {
        assert_eq!(delay("delay", metadata.clone(), json!({}), json!({})), expected, "{metadata}");
    }
    assert_eq!(delay("delay", regular(json!("x"), "minutes"), json!({}), json!({})), "NaN");
    assert_eq!(delay("delay", json!(null), json!({}), json!({})), "Step metadata not found");
    let overrides = json!({ "delay": { "amount": -5, "unit": "minutes" } });
    assert_eq!(delay("delay", regular(json!(5), "minutes"), json!({}), overrides.clone()), -300_000.0);
    assert_eq!(delay("digest", regular(json!(0), "minutes"), json!({}), overrides), "Invalid digest amount");

    let scheduled = json!({ "type": "scheduled", "delayPath": "at" });
    let cases = [
        (json!("2024-06-05T12:20:30.500+02:00"), json!(0.0)),
        (json!("June 5, 2024 10:20:31"), json!(500.0)),
        (json!("2024-06-31"), json!(2_209_169_500.0)),
        (json!(["2024-06-06"]), json!(49_169_500.0)),
        (json!("2024-06-05"), json!("Delay date at path at must be a future date")),
        (json!(true), json!("Delay date at path at must be a future date")),
        (json!("soon"), json!("NaN")),
        (json!({}), json!("NaN")),
    ];
    for (date, expected) in cases {
        assert_eq!(delay("delay", scheduled.clone(), json!({ "at": date }), json!({})), expected, "{date}");
    }
    let nested = json!({ "type": "scheduled", "delayPath": "order.at" });
    assert_eq!(delay("delay", nested, json!({ "order": { "at": "2024-06-06" } }), json!({})), "NaN");
}

#[test]
fn timed_digests_end_when_their_rule_recurs() {
    let cases = [
        ("minutes", json!(1), json!({}), json!(59500.0)),
        ("hours", json!(12), json!({}), json!(43199500.0)),
        ("days", json!(1), json!({"atTime": "23:59:59"}), json!(49169000.0)),
        ("days", json!(3), json!({"atTime": "10:20:30"}), json!(259200000.0)),
        ("weeks", json!(1), json!({"atTime": "09:00", "weekDays": []}), json!(81600000.0)),
        ("weeks", json!(1), json!({"atTime": "09:00", "weekDays": ["wednesday"]}), json!(600000000.0)),
        ("weeks", json!(3), json!({"atTime": "11:00", "weekDays": ["wednesday", "sunday"]}), json!(2400000.0)),
        ("months", json!(1), json!({"atTime": "09:00"}), json!(2587200000.0)),
        (
            "months",
            json!(1),
            json!({"atTime": "09:00", "monthDays": [31]}),
            json!("Delay for next digest could not be calculated"),
        ),
        ("months", json!(1), json!({"atTime": "09:00", "monthDays": [-1, 3]}), json!(2155200000.0)),
        (
            "months",
            json!(1),
            json!({"atTime": "09:00", "monthlyType": "on", "ordinal": "first", "ordinalValue": "monday"}),
            json!(2241600000.0),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "09:00", "monthlyType": "on", "ordinal": "fifth", "ordinalValue": "thursday"}),
            json!("Delay for next digest could not be calculated"),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "09:00", "monthlyType": "on", "ordinal": "second", "ordinalValue": "weekend"}),
            json!("Delay for next digest could not be calculated"),
        ),
        (
            "months",
            json!(2),
            json!({"atTime": "09:00", "monthlyType": "on", "ordinal": "first", "ordinalValue": "day"}),
            json!(4920000000.0),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "09:00", "monthlyType": "on", "ordinal": "last", "ordinalValue": "friday"}),
            json!(1982400000.0),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "weekDays": ["monday"], "monthDays": [10, 11]}),
            json!(427200000.0),
        ),
        ("days", json!(0), json!({"atTime": "09:00"}), json!("Invalid digest amount")),
        (
            "days",
            json!(1),
            json!({"atTime": "24:00"}),
            json!("Digest timed config atTime has invalid format, expected 24h time format"),
        ),
        (
            "days",
            json!(1),
            json!({"atTime": "9"}),
            json!("Digest timed config atTime has invalid format, expected 24h time format"),
        ),
        ("weeks", json!(1), json!({"atTime": "9:00"}), json!("Digest timed config weekDays is missing")),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "monthlyType": "each"}),
            json!("Digest timed config monthDays is missing"),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "monthlyType": "each", "monthDays": [0, 10]}),
            json!("Digest timed config monthDays values are invalid"),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "monthlyType": "on", "ordinal": "first"}),
            json!("Digest timed config ordinal is missing"),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "monthlyType": "on", "ordinal": "sixth", "ordinalValue": "day"}),
            json!("Digest timed config for ordinal is invalid"),
        ),
        (
            "months",
            json!(1),
            json!({"atTime": "9:00", "monthlyType": "on", "ordinal": "first", "ordinalValue": "month"}),
            json!("Digest timed config for ordinal value is invalid"),
        ),
        ("years", json!(1), json!({}), json!("Invalid frequency: undefined undefined")),
    ];
    for (unit, amount, timed, expected) in cases {
        let metadata = json!({ "type": "timed", "unit": unit, "amount": amount, "timed": timed });
        assert_eq!(delay("digest", metadata.clone(), json!({}), json!({})), expected, "{metadata}");
    }
}

#[test]
fn content_is_sanitized_as_the_server_does() {
    let cases = [
        ("a\r\n<p\r\nstyle='b'>c\rd</p\r\n>", "a\r\n<p style=\"b\">c\rd</p>"),
        (r#"<P Style="a">x<div>y</P>z"#, r#"<p style="a">x</p><div>y<p></p>z</div>"#),
        ("</p>a</br>", "<p></p>a<br />"),
        ("<textarea><b>x</b></textarea>y", "y"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<a href=\" java\tscript:x\">a</a>", "<a>a</a>"),
        (r#"<a href="java<!-- -->script:x">a</a>"#, "<a>a</a>"),
        (
            r#"<img srcset="a.png 1x, javascript:b 2x, c.png 1.50x, d.png 5q">"#,
            r#"<img srcset="a.png 1x, c.png 1.5x" />"#,
        ),
        (
            r#"<a href="//x.test?a=1&amp;b=2" target="_blank" rel=x>l</a>"#,
            r#"<a href="//x.test?a=1&amp;b=2" target="_blank">l</a>"#,
        ),
        (r#"a &copy; &amp;lt; & b &#39;""#, r#"a © &amp;lt; &amp; b '""#),
        ("<svg/><b>x", "<b>x</b>"),
        ("<center><font>x</font></center>", "x"),
        ("<script><b></script>y", "y"),
        ("<style>a > b {}</style>", "<style>a > b {}</style>"),
        (r#"<a href="{{url}}">x</a>"#, r#"<a href="{{url}}">x</a>"#),
        ("a < b > c", "a &lt; b &gt; c"),
        ("<title>a <b>c</b></title>", "a &lt;b&gt;c&lt;/b&gt;"),
        ("<select><option>a<option>b</select>c", "c"),
        (r#"<img style="a:&quot;b&quot;" alt>"#, r#"<img style="a:&quot;b&quot;" alt />"#),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"),
        (r#"<a href="mailto:a@b.test">m</a><a href="sms:1">s</a>"#, r#"<a href="mailto:a@b.test">m</a><a>s</a>"#),
    ];
    for (input, expected) in cases {
        assert_eq!(answer("/__sanitize", json!({ "input": input }))["text"], expected, "{input}");
    }
}
