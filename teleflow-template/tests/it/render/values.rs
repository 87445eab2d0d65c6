//! How values are printed, read and compared.

use serde_json::json;

use super::{errors, texts};

#[test]
fn numbers() {
    for (number, text) in [
        (json!(0), "0"),
        (json!(-0.0), "0"),
        (json!(1.0), "1"),
        (json!(0.1), "0.1"),
        (json!(1e20), "100000000000000000000"),
        (json!(1e21), "1e+21"),
        (json!(1.5e300), "1.5e+300"),
        (json!(1e-6), "0.000001"),
        (json!(1e-7), "1e-7"),
        (json!(-1.25e-9), "-1.25e-9"),
        (json!(5e-324), "5e-324"),
        (json!(u64::MAX), "18446744073709552000"),
        // A tie between two shortest texts.
        (json!(2_163_131_080_984_266.2), "2163131080984266.2"),
    ] {
        texts(&json!({ "v": number }), &[("{{v}}|{{{v}}}", &format!("{text}|{text}"))]);
    }
}

#[test]
fn arrays_objects_and_nothing() {
    let context = json!({
        "list": [1, null, [2, [], [3, null]], { "a": 1 }, "<", true], "object": { "a": 1 }, "null": null, "no": false, "": "e",
        "html": { "toHTML": 1 }, "falseHtml": { "toHTML": 0 }, "inArray": [{ "toHTML": 1 }],
    });
    texts(
        &context,
        &[
            ("{{list}}", "1,,2,,3,,[object Object],&lt;,true"),
            ("{{{list}}}", "1,,2,,3,,[object Object],<,true"),
            ("[{{object}}{{missing}}{{[null]}}{{no}}]", "[[object Object]false]"),
            ("{{falseHtml}}{{inArray}}{{{html}}}", "[object Object][object Object][object Object]"),
            ("{{list.length}} {{object.length}} {{list.[2].length}} {{list.[4].length}}", "6  3 1"),
        ],
    );
    errors(&context, &[("{{html}}", "string.toHTML is not a function")]);
}

#[test]
fn escapes() {
    let context = json!({ "v": "&<>\"'`=/", "entity": "&#x27;", "half": "&#x2" });
    texts(
        &context,
        &[
            ("{{v}}", "&amp;&lt;&gt;&quot;'&#x60;&#x3D;/"),
            ("{{{v}}}{{&v}}", "&<>\"'`=/&<>\"'`=/"),
            // The replacement is made in the whole text.
            ("&#x27; {{{entity}}} {{entity}} {{{half}}}7;", "' ' &amp;#x27; '"),
            (
                "{{#if v}}{{v}}{{/if}}{{lookup . 'v'}}",
                "&amp;&lt;&gt;&quot;'&#x60;&#x3D;/&amp;&lt;&gt;&quot;'&#x60;&#x3D;/",
            ),
        ],
    );
}

#[test]
fn lengths_and_indices_of_texts_are_in_utf_16() {
    let context = json!({ "s": "a👍é", "l": ["x", "y"] });
    texts(
        &context,
        &[
            ("{{s.length}}", "4"),
            ("{{s.[0]}}{{s.[3]}}{{s.[4]}}", "aé"),
            ("{{l.[0]}}{{l.[01]}}{{l.[-1]}}{{l.[1.0]}}", "x"),
            ("{{#with s}}{{length}}{{/with}}", "4"),
        ],
    );
}

#[test]
fn names_of_the_object_prototype_are_lost() {
    let context = json!({
        "toString": 1, "valueOf": 2, "hasOwnProperty": 3, "constructor": 4, "isPrototypeOf": 5, "propertyIsEnumerable": 6,
        "toLocaleString": 7, "__proto__": 8, "deep": [{ "toString": 9, "kept": 10 }], "join": 11,
    });
    texts(
        &context,
        &[
            ("[{{toString}}{{valueOf}}{{hasOwnProperty}}{{constructor}}{{isPrototypeOf}}]", "[]"),
            ("[{{propertyIsEnumerable}}{{toLocaleString}}{{[__proto__]}}{{this.toString}}]", "[]"),
            ("{{#each deep}}{{#each this}}{{@key}}{{/each}}{{/each}}{{join}}", "kept11"),
            ("[{{deep.join}}{{deep.constructor.name}}{{lookup deep 'map'}}{{join.toFixed}}]", "[]"),
        ],
    );
}

#[test]
fn keys_that_look_like_indices_come_first() {
    let context =
        json!({ "o": { "b": 1, "10": 2, "9": 3, "a": 4, "01": 5, "-1": 6, "4294967295": 7, "4294967294": 8 } });
    texts(
        &context,
        &[("{{#each o}}{{@key}}:{{this}} {{/each}}", "9:3 10:2 4294967294:8 b:1 a:4 01:5 -1:6 4294967295:7 ")],
    );
}

#[test]
fn comparisons() {
    let all = "{{#equals a b}}y{{else}}n{{/equals}}{{#eq a b}}y{{else}}n{{/eq}}{{#ne a b}}y{{else}}n{{/ne}}\
        {{#gt a b}}y{{else}}n{{/gt}}{{#gte a b}}y{{else}}n{{/gte}}{{#lt a b}}y{{else}}n{{/lt}}{{#lte a b}}y{{else}}n{{/lte}}";
    for (a, b, expected) in [
        (json!(5), json!("5"), "ynynyny"),
        (json!(true), json!(1), "ynynyny"),
        (json!(true), json!("true"), "nnynnnn"),
        (json!(""), json!(0), "ynynyny"),
        (json!(null), json!(0), "nnynyny"),
        (json!(null), json!(null), "yynnyny"),
        (json!([1, 2]), json!("1,2"), "ynynyny"),
        (json!([2]), json!(1), "nnyyynn"),
        (json!([]), json!(""), "ynynyny"),
        (json!([]), json!(false), "ynynyny"),
        (json!({}), json!("[object Object]"), "ynynyny"),
        (json!({}), json!({}), "nnynyny"),
        (json!("10"), json!("5"), "nnynnyy"),
        (json!("10"), json!(5), "nnyyynn"),
        (json!("0x10"), json!(16), "ynynyny"),
        (json!(" 5\u{a0}\n"), json!(5), "ynynyny"),
        (json!("5px"), json!(5), "nnynnnn"),
        (json!("Infinity"), json!(1e308), "nnyyynn"),
        (json!("Z"), json!("a"), "nnynnyy"),
        // By UTF-16 units.
        (json!("👍"), json!("\u{ffee}"), "nnynnyy"),
    ] {
        texts(&json!({ "a": a, "b": b }), &[(all, expected)]);
    }
    texts(&json!({ "b": null }), &[(all, "ynynnnn")]);
    texts(&json!({ "b": 0 }), &[(all, "nnynnnn")]);
    texts(&json!({}), &[(all, "yynnnnn")]);
}
