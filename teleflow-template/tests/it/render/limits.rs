//! Deep nesting and endless output are errors. They do not overflow the stack.

use std::thread;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use serde_json::{Value, json};
use teleflow_template::{render, render_json};

use super::{errors, texts};

#[test]
fn templates_that_are_not_texts() {
    for (template, expected) in [
        (json!(null), "Bad Request Exception"),
        (json!(5), "You must pass a string or Handlebars AST to Handlebars.compile. You passed 5"),
        (json!({}), "You must pass a string or Handlebars AST to Handlebars.compile. You passed [object Object]"),
    ] {
        assert_eq!(render_json(&template, &json!({})).unwrap_err().to_string(), expected);
    }
    assert_eq!(render_json(&json!(""), &json!({})).unwrap().text, "");
}

#[test]
fn deep_templates() {
    let nested = |open: &str, close: &str, depth: usize| format!("{}x{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in
        [("{{#if a}}", "{{/if}}"), ("{{#a}}", "{{/a}}"), ("{{#each l}}", "{{/each}}"), ("{{#> p}}", "{{/p}}")]
    {
        texts(&json!({ "a": true, "l": [{ "l": [] }] }), &[(&nested(open, close, 1), "x")]);
        let rendered = render(&nested(open, close, 100), &json!({ "a": true, "l": [1] }));
        rendered.unwrap();
    }
    let calls = format!("{{{{uppercase {}'a'{}}}}}", "(uppercase ".repeat(99), ")".repeat(99));
    texts(&json!({}), &[(&calls, "A")]);
    let chain = format!("{{{{#if a}}}}{}{{{{else}}}}x{{{{/if}}}}", "{{else if a}}".repeat(500));
    texts(&json!({}), &[(&chain, "x")]);
}

#[test]
fn partials_that_include_themselves() {
    let expected = "Maximum call stack size exceeded";
    errors(
        &json!({ "l": [1], "a": true }),
        &[
            ("{{#*inline 'p'}}{{> p}}{{/inline}}{{> p}}", expected),
            ("{{#*inline 'p'}}{{#each @root.l}}{{#if @root.a}}{{> p}}{{/if}}{{/each}}{{/inline}}{{> p}}", expected),
            (
                "{{#*inline 'p'}}{{#> q}}{{/q}}{{/inline}}{{#*inline 'q'}}{{#> p}}{{> p}}{{/p}}{{/inline}}{{> p}}",
                expected,
            ),
            (
                "{{#*inline 'p'}}{{uppercase (lowercase (uppercase 'a'))}}{{#a}}{{> p x=1 a=true}}{{/a}}{{/inline}}{{> p}}",
                expected,
            ),
        ],
    );
    let mut list = json!({ "n": 0 });
    for n in 1..50 {
        list = json!({ "n": n, "next": [list] });
    }
    let template = "{{#*inline 'p'}}{{n}} {{#if next}}{{#each next}}{{> p}}{{/each}}{{/if}}{{/inline}}{{> p}}";
    let expected: String = (0..50).rev().map(|n| format!("{n} ")).collect();
    texts(&list, &[(template, &expected)]);
}

#[test]
fn endless_output_and_deep_values() {
    let list: Vec<u32> = (0..10_000).collect();
    let started = Instant::now();
    errors(
        &json!({ "l": list, "s": "x".repeat(100_000) }),
        &[
            ("{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}", "Invalid string length"),
            ("{{#each l}}{{@root.s}}{{@root.s}}{{/each}}", "Invalid string length"),
            (
                "{{#*inline 'p'}}{{> q}}{{> q}}{{/inline}}{{#*inline 'q'}}{{> p}}{{> p}}{{/inline}}{{> p}}",
                "Maximum call stack size exceeded",
            ),
        ],
    );
    assert!(started.elapsed() < Duration::from_secs(300), "{:?}", started.elapsed());
    let long = json!({ "f": "d".repeat(100_000), "s": "S".repeat(100_000), "d": "2024-03-09" });
    texts(
        &long,
        &[(
            "{{#with (dateFormat d f)}}{{length}}{{/with}} {{#with (dateFormat d s)}}{{length}}{{/with}}",
            "100000 100000",
        )],
    );
    let deep = |depth| (0..depth).fold(json!(1), |value, _| Value::Array(vec![value]));
    texts(&json!({ "v": deep(150) }), &[("{{v}}{{#equals v 1}}y{{/equals}}", "1y")]);
    errors(&json!({ "v": deep(300) }), &[("{{v}}", "Maximum call stack size exceeded")]);
}

#[test]
fn many_inline_partials_do_not_overflow_the_stack() {
    let template = "{{#*inline 'a'}}1{{/inline}}".repeat(50_000);
    let distinct: String = (0..10_000).map(|n| format!("{{{{#*inline 'p{n}'}}}}{n}{{{{/inline}}}}")).collect();
    let cases = move || {
        texts(
            &json!({ "a": true, "l": [1, 2] }),
            &[
                (&template, ""),
                (&format!("{template}{{{{#*inline 'a'}}}}2{{{{/inline}}}}{{{{> a}}}}"), "2"),
                (&format!("{{{{#if a}}}}{template}{{{{> a}}}}{{{{/if}}}}"), "1"),
                (&format!("{{{{#each l}}}}{distinct}{{{{> p9}}}} {{{{/each}}}}"), "9 9 "),
                (&format!("{{{{#> q}}}}{template}{{{{/q}}}}"), ""),
            ],
        );
    };
    thread::Builder::new().stack_size(2 << 20).spawn(cases).unwrap().join().unwrap();
}

#[test]
fn many_partials_are_found_in_linear_time() {
    let defined: String = (0..10_000).map(|n| format!("{{{{#*inline 'p{n}'}}}}{n}{{{{/inline}}}}")).collect();
    let started = Instant::now();
    texts(
        &json!({ "l": vec![1; 10_000] }),
        &[(&format!("{defined}{{{{#each l}}}}{{{{> p0}}}}{{{{/each}}}}"), &"0".repeat(10_000))],
    );
    errors(
        &json!({ "l": vec![1; 10_000] }),
        &[(&format!("{{{{#each l}}}}{{{{#if x}}}}{defined}{{{{/if}}}}{{{{/each}}}}"), "Invalid string length")],
    );
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn time_is_proportional_to_the_length_of_texts_and_lists() {
    let objects: Vec<Value> = (0..20_000).map(|n| json!({ "o": { "n": n }, "a": [n], "b": true })).collect();
    let context = json!({ "t": "ä👍z".repeat(20_000), "objects": objects });
    for (template, expected) in [
        ("{{#*inline 'p'}}{{length}}{{/inline}}{{> p t x=1}}", ""),
        ("{{#with (unique objects 'o')}}{{length}}{{/with}}", "20000"),
        ("{{#with (unique objects 'a')}}{{length}}{{/with}}", "20000"),
        ("{{#with (unique objects 'b')}}{{length}}{{/with}}", "1"),
    ] {
        let started = Instant::now();
        texts(&context, &[(template, expected)]);
        assert!(started.elapsed() < Duration::from_secs(5), "{template}: {:?}", started.elapsed());
    }
}

#[test]
fn all_output_is_limited() {
    let items = vec!["&".repeat(50_000)];
    let context = json!({ "l": vec![1; 1000], "s": "x".repeat(500_000), "a": items, "lines": "\n".repeat(50_000) });
    let indent = " ".repeat(100_000);
    let indented = format!("{{{{#*inline 'p'}}}}{{{{{{lines}}}}}}{{{{/inline}}}}\n{indent}{{{{> p}}}}\n");
    for template in [
        "{{#each l}}{{{@root.s}}}{{/each}}",
        "{{#each l}}{{@root.s}}{{/each}}",
        "{{#each l}}{{uppercase @root.s}}{{/each}}",
        "{{#each l}}{{#if @root.s}}{{{@root.s}}}{{/if}}{{/each}}",
        "{{#each l}}{{#each @root.a}}{{this}}{{/each}}{{/each}}",
        "{{#*inline 'p'}}{{{@root.s}}}{{/inline}}{{#each l}}{{> p}}{{/each}}",
        "{{#each l}}{{#if (uppercase @root.s)}}{{/if}}{{/each}}",
        &indented,
    ] {
        errors(&context, &[(template, "Invalid string length")]);
    }
    let context = json!({ "l": vec![1; 10_000], "a": vec!["x"; 20_000] });
    errors(&context, &[("{{#each l}}{{{@root.a}}}{{/each}}", "Invalid string length")]);
    texts(&json!({ "s": "x".repeat(5_000_000) }), &[("{{{s}}}", &"x".repeat(5_000_000))]);
}

const PIECES: [&str; 52] = [
    "{{#if a}}",
    "{{/if}}",
    "{{else}}",
    "{{#each l}}",
    "{{#each o as |v k|}}",
    "{{/each}}",
    "{{#with o}}",
    "{{/with}}",
    "{{#o}}",
    "{{/o}}",
    "{{^l}}",
    "{{/l}}",
    "{{#*inline 'p'}}",
    "{{/inline}}",
    "{{> p}}",
    "{{> p o x=1}}",
    "{{#> p}}",
    "{{/p}}",
    "{{> @partial-block}}",
    "{{#if @partial-block}}",
    "{{#> @partial-block}}",
    "{{/@partial-block}}",
    "\n",
    "  ",
    "{{v}}",
    "{{{k}}}",
    "{{../a}}",
    "{{@index}}",
    "{{@../key}}",
    "{{@_parent}}",
    "{{this}}",
    "{{@partial-block}}",
    "{{#@partial-block}}",
    "{{uppercase s}}",
    "{{titlecase (lowercase s)}}",
    "{{dateFormat d s}}",
    "{{dateFormat s 'PPpp'}}",
    "{{dateFormat d}}",
    "{{numberFormat n thousandsSep=s decimalLength=n}}",
    "{{#each (groupBy l 'k')}}",
    "{{#each (sortBy l 'k')}}",
    "{{sortBy l ''}}",
    "{{unique l s}}",
    "{{lookup l n}}",
    "{{lookup s 1}}",
    "{{#equals a n}}",
    "{{/equals}}",
    "{{#gt l o}}",
    "{{/gt}}",
    "{{pluralize n}}",
    "{{#i18n s}}",
    "{{/i18n}}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_do_not_panic(
        pieces in vec(prop::sample::select(PIECES.to_vec()), 0..12),
        text in any::<String>(),
        number in any::<f64>(),
    ) {
        let context = json!({
            "a": number, "n": number, "s": text, "d": "2024-03-09", "l": [{ "k": text }, null, 2, { "k": number }, [text]],
            "o": { "a": [], "l": [1], "2": null, "k": text },
        });
        drop(render(&pieces.concat(), &context));
        drop(render("{{dateFormat s 'yyyy'}}{{numberFormat s}}{{{titlecase s}}}{{lookup s 3}}", &context));
        drop(render("{{dateFormat d s}}", &context));
    }
}
