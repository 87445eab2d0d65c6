//! Inline partials, partial blocks and decorators.

use serde_json::{Value, json};

use super::{errors, texts};

fn context() -> Value {
    json!({ "x": "root", "list": [{ "n": 1 }, { "n": 2 }], "user": { "n": "u" }, "row": "r", "s": "ab",
        "tree": { "n": 1, "kids": [{ "n": 2, "kids": [{ "n": 3 }] }, { "n": 4 }] } })
}

#[test]
fn inline_partials() {
    texts(
        &context(),
        &[
            ("{{#*inline \"r\"}}<{{n}}>{{/inline}}{{#each list}}{{> r}}{{/each}}{{> r user}}{{> r}}", "<1><2><u><>"),
            ("{{> r}}{{#*inline 'r'}}late{{/inline}}", "late"),
            ("{{#*inline 'r'}}{{x}}{{n}}{{y}}{{/inline}}{{> r user y=1 n=2}}{{> r y=x}}", "21rootroot"),
            ("{{#*inline 'r'}}{{[0]}}{{[1]}}{{z}}{{/inline}}{{> r s z=1}}", "ab1"),
            ("{{#*inline 'r'}}a{{/inline}}{{#*inline 'r'}}b{{/inline}}{{> r}}", "b"),
            ("{{#*inline 'r'}}a{{/inline}}{{#if x}}{{#*inline 'r'}}b{{/inline}}{{> r}}{{/if}}{{> r}}", "ba"),
            ("{{#*inline 'a'}}A{{> b}}{{/inline}}{{#*inline 'b'}}B{{/inline}}{{> a}}", "AB"),
            ("{{#*inline 'r'}}{{@index}}{{@root.x}} {{/inline}}{{#each list}}{{> r}}{{/each}}", "0root 1root "),
            // The contexts around are those of the definition.
            ("{{#*inline 'r'}}[{{../x}}]{{/inline}}{{#each list}}{{> r}}{{/each}}", "[][]"),
            ("{{#each list}}{{#*inline 'r'}}{{../x}}{{n}}{{/inline}}{{> r}}{{/each}}", "root1root2"),
            ("{{#*inline row}}x{{/inline}}{{> undefined}}", "x"),
            ("{{#each list}}{{#*inline row}}x{{/inline}}{{> r}}{{/each}}", "xx"),
            ("{{#*inline 'r'}}y{{/inline}}{{> (lookup . 'row')}}", "y"),
            ("{{#*inline 'a/b'}}y{{/inline}}{{> a/b}}{{> 'a/b'}}", "yy"),
            ("{{#*inline 't'}}{{n}}{{#each kids}}({{> t}}){{/each}}{{/inline}}{{> t tree}}", "1(2(3))(4)"),
        ],
    );
}

#[test]
fn a_partial_alone_on_its_line_is_indented() {
    texts(
        &context(),
        &[
            ("{{#*inline 'r'}}\na\n\nb\n{{/inline}}\n  {{> r}}\n|", "  a\n  \n  b\n|"),
            ("{{#*inline 'r'}}a\nb{{/inline}}\n\t{{> r}}\n|", "\n\ta\n\tb|"),
            ("{{#*inline 'r'}}{{/inline}}\n  {{> r}}\n|", "\n|"),
            ("{{#*inline 'r'}}a\nb{{/inline}}x  {{> r}}\n|", "x  a\nb\n|"),
        ],
    );
}

#[test]
fn partial_blocks() {
    texts(
        &context(),
        &[
            ("{{#> layout}}fallback {{x}}{{/layout}}", "fallback root"),
            ("{{#> layout user}}{{n}}{{x}}{{/layout}}{{#> layout n=1}}{{n}}{{x}}{{/layout}}", "u1root"),
            ("{{#*inline 'l'}}<{{> @partial-block}}>{{/inline}}{{#> l}}{{x}}{{/l}}", "<root>"),
            (
                "{{#*inline 'l'}}{{#each list}}<{{> @partial-block}}>{{/each}}{{/inline}}{{#> l}}{{n}}{{@index}}{{/l}}",
                "<10><21>",
            ),
            ("{{#*inline 'l'}}{{> @partial-block user}}{{> @partial-block n=3}}{{/inline}}{{#> l}}{{n}}{{/l}}", "u3"),
            (
                "{{#*inline 'l'}}{{#if @partial-block}}[{{> @partial-block}}]{{else}}none{{/if}}{{/inline}}{{> l}}{{#> l}}b{{/l}}",
                "none[b]",
            ),
            ("{{#*inline 'l'}}{{#> @partial-block}}none{{/@partial-block}}{{/inline}}{{> l}}{{#> l}}b{{/l}}", "noneb"),
            (
                "{{#*inline 'a'}}a({{> @partial-block}}){{/inline}}{{#*inline 'b'}}b({{#> a}}{{> @partial-block}}{{/a}}){{/inline}}{{#> b}}x{{/b}}",
                "b(a(x))",
            ),
        ],
    );
}

#[test]
fn missing_partials_and_decorators() {
    errors(
        &context(),
        &[
            ("a{{> header}}b", "The partial header could not be found"),
            ("{{> (lookup . 'row')}}", "The partial r could not be found"),
            ("{{> (lookup . 'none')}}", "The partial undefined could not be found"),
            ("{{> @partial-block}}", "The partial @partial-block could not be found"),
            ("{{#if x}}{{#*inline 'r'}}{{/inline}}{{/if}}{{> r}}", "The partial r could not be found"),
            ("{{* inline 'r'}}{{> r}}", "The partial r could not be found"),
            // An inline partial in the block of a partial is not visible in that partial.
            (
                "{{#*inline 'l'}}{{> nav}}{{/inline}}{{#> l}}{{#*inline 'nav'}}n{{/inline}}{{/l}}",
                "The partial nav could not be found",
            ),
            ("{{* foo}}", "lookupProperty(...) is not a function"),
            ("{{#if none}}{{#*foo}}{{/foo}}{{/if}}", "lookupProperty(...) is not a function"),
            ("{{#*inline (lookup . 'row')}}{{/inline}}", "helpers is not defined"),
            ("a\n {{#if none}}{{> p a b}}{{/if}}", "Unsupported number of partial arguments: 2 - 2:13"),
            ("{{#*inline 'p'}}{{> p}}{{/inline}}{{> p}}", "Maximum call stack size exceeded"),
        ],
    );
}
