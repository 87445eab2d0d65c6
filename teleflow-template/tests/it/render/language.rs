//! The language: paths, sections, built-in helpers, whitespace.

use serde_json::{Value, json};

use super::{errors, texts};

fn context() -> Value {
    json!({
        "name": "root", "a": { "b": { "c": 1 }, "name": "inner" }, "list": [{ "n": 1 }, { "n": 2 }], "words": ["x", "y"],
        "nested": [["a", "b"], ["c"]], "object": { "k": "v", "l": "w" }, "zero": 0, "empty": "", "none": [], "yes": true,
        "no": false, "null": null, "here": {}, "nothing": [null], "this": "own", "text": "abc", "12": "twelve", "a b": "spaced",
        "eq": "e", "each": "x", "first": "payload", "if": { "x": 1 }, "one": [[1]], "lambda": { "n": "p" },
    })
}

#[test]
fn paths() {
    texts(
        &context(),
        &[
            ("{{a.b.c}}{{a/b/c}}{{this.a.b.c}}{{./a.b.c}}{{this/name}}{{[a].[b].c}}", "1111root1"),
            ("[{{a.x.y.z}}{{text.x}}{{zero.x}}{{[null].x}}{{missing.x}}]", "[]"),
            ("{{list.[1].n}}{{list.0.n}}{{12}}{{\"a b\"}}{{[a b]}}{{[this]}}", "21twelvespacedspacedown"),
            ("[{{../name}}{{../../name}}{{..}}]", "[]"),
            (
                "{{#with a}}{{name}} {{../name}} {{@root.name}} {{#with b}}{{../name}} {{../../name}}{{/with}}{{/with}}",
                "inner root root inner root",
            ),
            ("{{#if yes}}[{{../name}}]{{#with a}}{{../name}}{{/with}}{{/if}}", "[]root"),
            ("{{#each list}}{{#if n}}{{../name}}{{n}} {{/if}}{{/each}}", "root1 root2 "),
            ("{{#each list}}{{name}}{{this.n}}{{./n}}{{.}}{{/each}}", "11[object Object]22[object Object]"),
            ("{{@root.a.b.c}}{{@missing}}{{@root.zero.x}}", "10"),
            ("{{[].x}}{{[]}}", "[object Object][object Object]"),
        ],
    );
    errors(
        &context(),
        &[
            (
                "{{list.0}}",
                "line 1, column 8: unexpected `0`, expected a name; write `[0]` for the first element of an array",
            ),
            ("{\"n\":{{n}}}", "line 1, column 9: unexpected `}}}`, expected an argument or `}}`"),
        ],
    );
}

#[test]
fn a_context_that_equals_its_parent_is_not_a_level() {
    // JavaScript's `==` says that 1 equals [1].
    texts(&context(), &[("{{#each one}}{{#each this}}{{this}}{{../length}}{{/each}}{{/each}}", "1")]);
    texts(&context(), &[("{{#with this}}[{{../name}}]{{/with}}{{#with name}}{{../name}}{{/with}}", "[]root")]);
}

#[test]
fn data() {
    texts(
        &context(),
        &[
            ("{{#each words}}{{@index}}{{@key}}{{@first}}{{@last}} {{/each}}", "00truefalse 11falsetrue "),
            ("{{#each object}}{{@index}}{{@key}}{{@first}}{{@last}} {{/each}}", "0ktruefalse 1lfalsetrue "),
            (
                "{{#each nested}}{{#each this}}{{@../index}}{{@index}}{{@../../index}}{{@../root.name}} {{/each}}{{/each}}",
                "00root 01root 10root ",
            ),
            ("{{#each words}}{{#if yes}}{{else}}{{@index}}{{/if}}{{#with this}}{{@index}}{{/with}}{{/each}}", "0011"),
            ("{{#each words}}{{first}}{{@first.x}}{{@_parent.root.name}}{{/each}}", "rootfalseroot"),
            ("{{@index}}{{@key}}{{#each words}}{{/each}}{{@index}}", ""),
        ],
    );
}

#[test]
fn block_parameters() {
    texts(
        &context(),
        &[
            ("{{#each list as |item i|}}{{i}}{{item.n}}{{n}} {{/each}}", "011 122 "),
            ("{{#each object as |value key|}}{{key}}{{value}} {{/each}}", "kv lw "),
            ("{{#with a.b as |x|}}{{x.c}}{{c}}{{/with}}", "11"),
            ("{{#each nested as |x|}}{{#each x as |y j|}}{{x}}{{y}}{{j}} {{/each}}{{/each}}", "a,ba0 a,bb1 cc0 "),
            (
                "{{#each words as |name|}}{{name}}{{this.name}}{{./name}}{{../name}} {{/each}}{{name}}",
                "xroot yroot root",
            ),
            ("{{#each words as |eq|}}{{eq}}{{eq 1 1}}{{uppercase eq}} {{/each}}", "xxX yyY "),
            ("{{#each words as |index|}}{{@index}}{{/each}}", "xy"),
            (
                "{{#each words as |x|}}{{#if ../yes}}{{x}}{{/if}}{{#each ../words as |x|}}{{x}}{{/each}}{{/each}}",
                "xxyyxy",
            ),
            ("{{#list as |x i|}}{{x.n}}{{i}} {{/list}}", "10 21 "),
            ("[{{#a as |x|}}{{x}}{{/a}}]", "[]"),
        ],
    );
    errors(
        &context(),
        &[
            ("{{#if yes as |x|}}{{x}}{{/if}}", "Cannot read properties of undefined (reading '0')"),
            ("{{#yes as |x y|}}{{y}}{{/yes}}", "Cannot read properties of undefined (reading '1')"),
        ],
    );
}

#[test]
fn if_unless_and_with() {
    for (value, is_true) in [
        ("missing", false),
        ("[null]", false),
        ("no", false),
        ("zero", false),
        ("empty", false),
        ("none", false),
        ("here", true),
        ("yes", true),
        ("text", true),
        ("nothing", true),
        ("a.b.c", true),
        ("\"0\"", true),
        ("\" \"", true),
        ("0", false),
        ("\"\"", false),
        ("true", true),
        ("null", false),
        ("undefined", false),
        ("-1", true),
    ] {
        let template =
            format!("{{{{#if {value}}}}}y{{{{else}}}}n{{{{/if}}}}{{{{#unless {value}}}}}n{{{{else}}}}y{{{{/unless}}}}");
        texts(&context(), &[(&template, if is_true { "yy" } else { "nn" })]);
    }
    texts(
        &context(),
        &[
            (
                "{{#if zero includeZero=true}}y{{else}}n{{/if}}{{#unless zero includeZero=true}}n{{else}}y{{/unless}}",
                "yy",
            ),
            ("{{#if empty includeZero=true}}y{{else}}n{{/if}}{{#if zero includeZero=no}}y{{else}}n{{/if}}", "nn"),
            ("{{^if no}}n{{else}}y{{/if}}{{^if yes}}n{{/if}}{{#if no}}{{^}}e{{/if}}", "ne"),
            (
                "{{#if no}}1{{else if zero}}2{{else if yes}}3{{else}}4{{/if}}{{#if no}}1{{else each words}}{{this}}{{/if}}",
                "3xy",
            ),
            (
                "{{#with zero}}{{this}}{{/with}}{{#with none}}y{{else}}n{{/with}}{{#with empty}}y{{else}}n{{/with}}",
                "0nn",
            ),
            ("{{#each nothing}}{{#if 1}}{{this}}{{/if}}{{this}}{{/each}}", "[object Object]"),
        ],
    );
    errors(
        &context(),
        &[
            ("{{#if a b}}{{/if}}", "#if requires exactly one argument"),
            ("{{#unless}}{{/unless}}", "#unless requires exactly one argument"),
            ("{{#with a b}}{{/with}}", "#with requires exactly one argument"),
            ("{{if a}}", "options.fn is not a function"),
            ("{{if no}}", "options.inverse is not a function"),
            ("{{unless no}}", "options.inverse is not a function"),
            ("{{with a}}", "fn is not a function"),
            ("{{with none}}", "options.inverse is not a function"),
        ],
    );
}

#[test]
fn each() {
    texts(
        &context(),
        &[
            ("{{#each words}}{{this}}{{else}}none{{/each}}{{#each none}}{{else}}none{{/each}}", "xynone"),
            (
                "{{#each text}}x{{else}}-{{/each}}{{#each zero}}x{{else}}-{{/each}}{{#each yes}}x{{else}}-{{/each}}",
                "---",
            ),
            ("{{#each here}}x{{else}}-{{/each}}{{#each [null]}}x{{else}}-{{/each}}{{#each missing}}x{{/each}}", "--"),
            ("{{^each none}}none{{/each}}{{#each list}}{{n}}{{#unless @last}}, {{/unless}}{{/each}}", "none1, 2"),
        ],
    );
    errors(
        &context(),
        &[
            ("{{each}}", "Must pass iterator to #each"),
            ("{{#each}}{{/each}}", "Must pass iterator to #each"),
            ("{{each words}}", "fn is not a function"),
            ("{{each none}}", "inverse is not a function"),
        ],
    );
}

#[test]
fn sections() {
    texts(
        &context(),
        &[
            ("{{#list}}{{n}}{{@index}}{{@last}} {{/list}}", "10false 21true "),
            ("{{#words}}{{.}}{{/words}}{{#nested}}{{#.}}{{.}}{{/.}};{{/nested}}", "xyab;c;"),
            ("{{#a}}{{name}}{{../name}}{{/a}}{{#a.b}}{{c}}{{/a.b}}{{#this.a}}{{b.c}}{{/this.a}}", "innerroot11"),
            ("{{#yes}}{{name}}{{/yes}}{{#zero}}[{{this}}]{{/zero}}{{#empty}}[{{this}}]{{/empty}}", "root[0][]"),
            (
                "{{#no}}x{{else}}n{{/no}}{{#missing}}x{{else}}n{{/missing}}{{#null}}x{{/null}}{{#none}}x{{^}}n{{/none}}",
                "nnn",
            ),
            (
                "{{^no}}a{{/no}}{{^missing}}b{{/missing}}{{^none}}c{{/none}}{{^zero}}d{{/zero}}{{^yes}}e{{else}}f{{/yes}}",
                "abcf",
            ),
            ("{{#here}}h{{/here}}{{#text}}{{length}}{{/text}}", "h3"),
        ],
    );
    errors(
        &context(),
        &[(
            "{{#a x=1}}{{/a}}",
            "(lookupProperty(...) || (depth0 && lookupProperty(...)) || container.hooks.helperMissing).call is not a function",
        )],
    );
}

#[test]
fn helpers_win_over_payload_keys() {
    texts(
        &context(),
        &[
            ("{{this.eq}}{{./eq}}{{[each].x}}{{this.each}}{{#with .}}{{../eq}}{{/with}}", "eex"),
            ("{{if.x}}", "1"),
            ("[{{unique}}{{log}}{{log 'x' level='debug'}}{{groupBy}}{{sortBy}}]", "[]"),
            ("[{{missing}}{{missing a=1}}{{#missing a=1}}x{{/missing}}{{lowercase (missing)}}]", "[]"),
            (
                "{{numberFormat}}{{dateFormat}}{{pluralize}}{{i18n 'k' count=1}}{{#i18n 'k'}}x{{/i18n}}",
                "[object Object][object Object]undefinedundefined",
            ),
        ],
    );
    let not_called = "(lookupProperty(...) || (depth0 && lookupProperty(...)) || container.hooks.helperMissing).call is not a function";
    errors(
        &context(),
        &[
            ("{{eq}}", "Cannot read properties of undefined (reading 'inverse')"),
            ("{{lookup}}", "Cannot read properties of undefined (reading 'lookupProperty')"),
            ("{{uppercase}}", "value.toUpperCase is not a function"),
            ("{{i18n}}", "Cannot destructure property 'hash' of 'undefined' as it is undefined."),
            ("{{i18n 'k' 1}}", "Cannot read properties of undefined (reading 'root')"),
            ("{{uppercase (i18n 'k')}}", "value.toUpperCase is not a function"),
            ("{{#i18n 'k'}}{{shout 1}}{{/i18n}}", "Missing helper: \"shout\""),
            ("{{each}}", "Must pass iterator to #each"),
            ("{{shout name}}", "Missing helper: \"shout\""),
            ("{{#shout name}}{{/shout}}", "Missing helper: \"shout\""),
            ("{{a.b.x 1}}", "Missing helper: \"a.b.x\""),
            ("{{zero 1}}", "Missing helper: \"zero\""),
            ("{{uppercase (shout 1)}}", "Missing helper: \"shout\""),
            ("{{name 1}}", not_called),
            ("{{name x=1}}", not_called),
            ("{{uppercase (name)}}", not_called),
            ("{{helperMissing}}", "Cannot read properties of undefined (reading 'call')"),
            (
                "{{#blockHelperMissing a}}{{/blockHelperMissing}}",
                "Cannot read properties of undefined (reading 'call')",
            ),
            // Of a longer path, handlebars.js reads the first name only.
            ("{{if.x}}{{if.x yes}}", "options.fn is not a function"),
        ],
    );
}

#[test]
fn whitespace_escapes_and_raw_blocks() {
    texts(
        &context(),
        &[
            ("a {{~name~}} b{{#if yes ~}} c {{~/if}} d", "arootbc d"),
            ("x\n{{#if yes}}\n  y\n{{else}}\n  z\n{{/if}}\nw", "x\n  y\nw"),
            ("x\n  {{! c }}\n{{!-- {{d}} --}}\ny{{! e }} z", "x\ny z"),
            (r"\{{name}} \\{{name}} \\\{{name}}", r"{{name}} \root \\root"),
            (
                "{{{{yes}}}} {{name}} {{#if}} {{{{/yes}}}}|{{{{missing}}}}x{{{{/missing}}}}|{{{{words}}}}{{w}}{{{{/words}}}}",
                " {{name}} {{#if}} ||{{w}}{{w}}",
            ),
            ("{{{{if yes}}}}{{x}}{{{{/if}}}}", "{{x}}"),
        ],
    );
}

#[test]
fn values_before_the_first_text_are_added() {
    let context =
        json!({ "n": 5, "year": 2024, "yes": true, "text": "t", "null": null, "list": ["b", "a"], "object": {} });
    texts(
        &context,
        &[
            ("{{{n}}}{{{year}}}", "2029"),
            ("{{&n}}{{! a comment }}{{&yes}}{{{text}}}{{{n}}}{{{n}}}", "6t55"),
            ("{{n}}{{{n}}}{{{n}}} {{{n}}}{{{n}}}", "555 55"),
            ("{{{null}}}{{{n}}}{{{n}}}", "55"),
            ("{{#if yes}}{{{n}}}{{{n}}}{{/if}}{{{n}}}", "15"),
            ("{{{object}}}{{{n}}}", "[object Object]5"),
            ("{{{list}}} {{{list}}}{{{sortBy list ''}}}", "b,a b,aa,b"),
            ("{{{list}}}{{{sortBy list ''}}}", "a,ba,b"),
        ],
    );
    // Without a text, the value of a partial is not a text, which an indent needs.
    errors(&context, &[("{{#*inline 'p'}}{{{object}}}\n{{~/inline}}\n  {{> p}}\n", "result.split is not a function")]);
}

#[test]
fn named_arguments() {
    let context = json!({ "n": 1234.5, "zero": 0 });
    texts(
        &context,
        &[
            ("{{numberFormat n decimalSep=',' decimalSep='x'}}", "1,234,50"),
            ("{{numberFormat n decimalLength=1 decimalLength=(uppercase n)}}", "1,234.5"),
            ("{{#if zero includeZero=true includeZero=false}}y{{/if}}", "y"),
            ("{{lowercase 'A' __proto__=(uppercase n)}}", "a"),
            (
                "{{#*inline 'p'}}{{#each this}}{{@key}}={{this}};{{/each}}{{/inline}}{{> p x=1 b=2 3=4 n=5}}",
                "3=4;n=5;zero=0;b=2;x=1;",
            ),
            ("{{#*inline 'p'}}{{x}}{{/inline}}{{> p x=1 x=2}}", "1"),
        ],
    );
}
