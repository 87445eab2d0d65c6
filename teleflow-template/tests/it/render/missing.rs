//! The variables that printed nothing.

use serde_json::json;
use teleflow_template::render;

#[track_caller]
fn missing(template: &str, expected: &[(&str, usize)]) {
    let context = json!({ "a": { "b": 1 }, "null": null, "empty": "", "list": [{ "n": 1 }, {}, {}], "no": false });
    let rendered = render(template, &context).unwrap();
    let found: Vec<(&str, usize)> =
        rendered.missing.iter().map(|missing| (missing.path.as_str(), missing.span.start)).collect();
    assert_eq!(found, expected, "{template}");
    for missing in &rendered.missing {
        assert!(missing.span.end <= template.len(), "{template}");
    }
}

#[test]
fn variables_that_the_context_lacks() {
    missing("{{a.b}}{{null}}{{empty}}{{no}}{{list}}", &[]);
    missing("{{name}} {{{a.c}}} {{null.x}}", &[("name", 2), ("a.c", 12)]);
    missing(
        "ü{{[first name]}}{{./x}}{{../y}}{{@index}}",
        &[("first name", 4), ("./x", 20), ("../y", 27), ("@index", 35)],
    );
    missing("{{#each list}}{{n}}{{m}}{{/each}}", &[("m", 21), ("n", 16)]);
    missing("{{#*inline 'p'}}{{x}}{{/inline}}{{> p}}{{> p x=1}}", &[("x", 18)]);
    missing("{{#if x}}{{y}}{{else}}{{z}}{{/if}}{{#each q}}{{/each}}{{#w}}{{/w}}", &[("z", 24)]);
    missing(
        "{{#*inline 'l'}}{{#if @partial-block}}{{> @partial-block}}{{/if}}{{/inline}}{{#> l}}t{{a.b}}{{x}}{{/l}}",
        &[("x", 94)],
    );
    missing("{{#each list as |item|}}{{item.n}}{{/each}}", &[("item.n", 26)]);
}

#[test]
fn arguments_of_helpers_that_print_nothing() {
    missing(
        "{{uppercase name}}{{dateFormat day 'y'}}{{numberFormat sum}}{{lowercase empty}}",
        &[("name", 12), ("day", 31), ("sum", 55)],
    );
    missing(
        "{{uppercase (lowercase name)}}{{lookup list key}}{{lookup map 1}}",
        &[("name", 23), ("key", 44), ("map", 58)],
    );
    // They printed something.
    missing("{{pluralize count 'a' 'b'}}{{dateFormat '2024-01-01' format}}", &[]);
    missing("{{pluralize 2 'a' many}}{{shout x=1}}{{log name}}", &[("many", 18)]);
}
