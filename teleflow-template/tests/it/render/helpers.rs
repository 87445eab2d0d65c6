//! The helpers of the server.

use serde_json::json;

use super::{errors, texts};

#[test]
fn texts_change_case() {
    let context = json!({ "v": "the QUICK  brown-fox ßtraße", "greek": "ΟΔΟΣ", "pair": "𐐨AB", "n": 5, "l": ["a"], "o": {},
        "null": null, "empty": "", "no": false });
    texts(
        &context,
        &[
            ("{{titlecase v}}", "The Quick  Brown-fox SStraße"),
            ("{{uppercase v}}", "THE QUICK  BROWN-FOX SSTRASSE"),
            ("{{lowercase greek}} {{titlecase greek}} {{titlecase pair}}", "οδος Οδος 𐐨ab"),
            ("[{{titlecase null}}{{uppercase missing}}{{lowercase empty}}{{titlecase empty}}]", "[]"),
            ("{{uppercase (lowercase 'AbC')}}{{#uppercase v}}x{{/uppercase}}", "ABCTHE QUICK  BROWN-FOX SSTRASSE"),
            ("{{{titlecase '<b> &amp;'}}} {{uppercase '<'}}", "<b> &amp; &lt;"),
        ],
    );
    for value in ["n", "l", "o", "no", ""] {
        errors(
            &context,
            &[
                (&format!("{{{{titlecase {value}}}}}"), "value.split is not a function"),
                (&format!("{{{{uppercase {value}}}}}"), "value.toUpperCase is not a function"),
                (&format!("{{{{lowercase {value}}}}}"), "value.toLowerCase is not a function"),
            ],
        );
    }
}

#[test]
fn pluralize() {
    let context = json!({ "one": 1, "text": "1", "yes": true, "two": 2 });
    texts(
        &context,
        &[
            ("{{pluralize one 'item' 'items'}} {{pluralize text 'item' 'items'}}", "item items"),
            (
                "{{pluralize yes 'a' 'b'}}{{pluralize 1.0 'a' 'b'}}{{pluralize 0 'a' 'b'}}{{pluralize none 'a' 'b'}}",
                "babb",
            ),
            (
                "{{pluralize two 'a'}}{{pluralize one}}[{{pluralize two}}{{pluralize one none}}]",
                "[object Object][object Object][]",
            ),
        ],
    );
}

#[test]
fn comparisons_need_a_block_and_two_values() {
    for name in ["equals", "eq"] {
        let context = json!({ "a": 1 });
        let case = |text: &str| text.replace("NAME", name);
        errors(
            &context,
            &[
                (&case("{{NAME a 1}}"), "options.fn is not a function"),
                (&case("{{NAME a 2}}"), "options.inverse is not a function"),
                (&case("{{#if (NAME a 1)}}{{/if}}"), "options.fn is not a function"),
                (&case("{{#NAME a}}{{/NAME}}"), "Cannot read properties of undefined (reading 'inverse')"),
                (&case("{{#NAME}}{{/NAME}}"), "Cannot read properties of undefined (reading 'inverse')"),
                (&case("{{#NAME a 1 a}}{{/NAME}}"), "options.fn is not a function"),
                (&case("{{#NAME a 1 b}}{{/NAME}}"), "Cannot read properties of undefined (reading 'fn')"),
                (&case("{{#NAME a 1 null}}{{/NAME}}"), "Cannot read properties of null (reading 'fn')"),
            ],
        );
    }
    texts(
        &json!({ "a": 1, "p": 2 }),
        &[
            ("{{#eq a 1}}{{p}}[{{../p}}]{{/eq}}{{^eq a 1}}x{{else}}y{{/eq}}{{#ne a 1}}z{{/ne}}", "2[]y"),
            (
                "{{#gt a 1}}>{{else gte a 1}}={{else}}<{{/gt}}{{#lt a 'x'}}{{else}}-{{/lt}}{{#lte none 1}}{{else}}-{{/lte}}",
                "=--",
            ),
        ],
    );
}

#[test]
fn number_format() {
    let context = json!({ "n": 1234567.891, "half": 0.5, "tie": 2.675, "down": -0.001, "zero": -0.0, "text": "abc", "big": 1e21,
        "null": null, "empty": "", "yes": true, "hex": "0x10", "list": [5], "object": {}, "spaces": " 12px", "one": 1 });
    texts(
        &context,
        &[
            (
                "{{numberFormat n}} {{numberFormat n decimalLength=1}} {{numberFormat n decimalLength='0'}}",
                "1,234,567.89 1,234,567.9 1,234,568",
            ),
            (
                "{{numberFormat n decimalLength=0}} {{numberFormat n decimalLength=null}} {{numberFormat n decimalLength=''}}",
                "1,234,567.89 1,234,567.89 1,234,567.89",
            ),
            (
                "{{numberFormat n decimalLength='x'}} {{numberFormat n decimalLength=-3}} {{numberFormat n decimalLength=1.9}}",
                "1,234,568 1,234,568 1,234,567.9",
            ),
            (
                "{{numberFormat n thousandsSep='.' decimalSep=','}} {{numberFormat n thousandsSep=' ' decimalSep=0}}",
                "1.234.567,89 1 234 567.89",
            ),
            (
                "{{numberFormat half decimalLength='0'}} {{numberFormat tie}} {{numberFormat down}} {{numberFormat zero}}",
                "1 2.67 -0.00 0.00",
            ),
            (
                "[{{numberFormat none}}{{numberFormat text}}{{numberFormat object}}{{numberFormat spaces}}]",
                "[abc[object Object] 12px]",
            ),
            (
                "{{numberFormat null}} {{numberFormat empty}} {{numberFormat yes}} {{numberFormat hex}} {{numberFormat list}}",
                "NaN NaN NaN 0.00 5.00",
            ),
            ("{{numberFormat big}} {{numberFormat '1e3'}} {{numberFormat '-1234.5'}}", "1e+21 1,000.00 -1,234.50"),
            // The separators are patterns of JavaScript's `replace`.
            (
                "{{{numberFormat 1234 thousandsSep='$&'}}} {{{numberFormat 1234 thousandsSep='$$'}}} {{{numberFormat 1234 decimalSep='$&$&'}}}",
                "11234.00 1$234.00 1,234..00",
            ),
            (
                "{{{numberFormat 1234 thousandsSep=\"$'\"}}} {{{numberFormat 1234 thousandsSep='$1'}}} {{{numberFormat 1234 thousandsSep='$2'}}}",
                "1234.00234.00 1234234.00 1$2234.00",
            ),
            ("{{numberFormat one decimalLength=100}}", &format!("1.{}", "0".repeat(100))),
        ],
    );
    errors(
        &context,
        &[
            ("{{numberFormat one decimalLength=101}}", "toFixed() digits argument must be between 0 and 100"),
            ("{{numberFormat one 2}}", "Cannot read properties of undefined (reading 'decimalLength')"),
            ("{{numberFormat one null}}", "Cannot read properties of null (reading 'hash')"),
        ],
    );
}

#[test]
fn lookup() {
    let context =
        json!({ "l": ["a", "b"], "o": { "k": "v", "1": "one", "null": "n" }, "k": "k", "s": "xyz", "zero": 0 });
    texts(
        &context,
        &[
            ("{{lookup l 1}}{{lookup l '0'}}{{lookup o k}}{{lookup o 1}}{{lookup o null}}{{lookup s 2}}", "bavonenz"),
            ("[{{lookup l 5}}{{lookup o 'x'}}{{lookup none k}}{{lookup o none}}]{{lookup zero k}}", "[]0"),
            (
                "{{lookup l 'length'}}{{#each l}}{{lookup ../l @index}}{{/each}}{{#with (lookup . 'o')}}{{k}}{{/with}}",
                "2abv",
            ),
            ("[{{lookup none}}]", "[]"),
        ],
    );
    errors(
        &context,
        &[
            ("{{lookup l}}", "Cannot read properties of undefined (reading 'lookupProperty')"),
            ("{{lookup l 1 2}}", "options.lookupProperty is not a function"),
        ],
    );
}

#[test]
fn unique() {
    let context = json!({
        "l": [{ "c": "x" }, { "c": 0 }, { "c": "y" }, {}, { "c": "x" }, { "c": 1 }, { "c": "1" }, { "c": [1] }, { "c": [1] }],
        "texts": ["ab", "cd", "e"], "holes": [null], "numbers": [1, 2],
    });
    texts(
        &context,
        &[
            ("{{unique l 'c'}}", "x,,y,1,1,1,1"),
            ("{{#each (unique l 'c')}}[{{this}}]{{/each}}", "[x][][y][1][1][1][1]"),
            ("{{unique texts 'length'}}|{{unique numbers 'x'}}|{{unique l}}|{{unique l none}}", "2,1|||"),
            ("[{{unique none 'c'}}{{unique 5 'c'}}{{unique}}]", "[]"),
        ],
    );
    errors(&context, &[("{{unique holes 'c'}}", "Cannot read properties of null (reading 'c')")]);
}

#[test]
fn group_by() {
    let context = json!({
        "l": [{ "t": "b", "n": 1 }, { "t": 10, "n": 2 }, { "t": "b", "n": 3 }, { "t": 2, "n": 4 }, { "t": 0 }, {}, { "t": true, "n": 5 }],
        "p": "p", "proto": [{ "t": "toString" }], "holes": [null], "lists": [{ "t": [1, 2] }, { "t": "1,2" }],
    });
    texts(
        &context,
        &[
            (
                "{{#each (groupBy l 't')}}{{key}}({{#each items}}{{n}}{{../../p}}{{../key}}{{/each}}) {{/each}}",
                "2(4p2) 10(2p10) b(1pb3pb) true(5ptrue) ",
            ),
            (
                "{{groupBy l 't'}}|{{#each (groupBy lists 't')}}{{key}}{{items.length}}{{/each}}",
                "[object Object],[object Object],[object Object],[object Object]|1,22",
            ),
            ("[{{groupBy none 't'}}{{groupBy 'x' 't'}}]{{#each (groupBy p 't')}}{{else}}none{{/each}}", "[]none"),
        ],
    );
    errors(
        &context,
        &[
            ("{{groupBy proto 't'}}", "map[key].push is not a function"),
            ("{{groupBy holes 't'}}", "Cannot read properties of null (reading 't')"),
        ],
    );
}

#[test]
fn sort_by() {
    let context = json!({
        "l": [{ "n": 3, "i": 0 }, { "n": 1, "i": 1 }, { "n": 3, "i": 2 }, { "n": 2, "i": 3 }], "numbers": [10, 9, null, 1],
        "texts": [{ "n": "10" }, { "n": "9" }, { "n": "B" }, { "n": "a" }], "mixed": [{ "n": 3 }, {}, { "n": 1 }, { "n": null }],
        "holes": [null, { "n": 1 }], "hole": [null],
    });
    texts(
        &context,
        &[
            ("{{#each (sortBy l 'n')}}{{i}}{{/each}}", "1302"),
            (
                "{{#each l}}{{i}}{{/each}}|{{#each (sortBy l 'n')}}{{i}}{{/each}}|{{#each l}}{{i}}{{/each}}",
                "0123|1302|1302",
            ),
            (
                "{{#each texts}}{{n}}{{/each}}{{#if (sortBy texts 'n')}}{{#each texts}}-{{n}}{{/each}}{{/if}}",
                "109Ba-10-9-B-a",
            ),
            ("{{#each l}}{{i}}{{#if @first}}{{#with (sortBy ../l 'n')}}{{/with}}{{/if}}{{/each}}", "0302"),
            ("{{sortBy numbers ''}} {{numbers}}", "1,10,9, 1,10,9,"),
            ("{{#each (sortBy mixed 'n')}}[{{n}}]{{/each}}", "[3][][][1]"),
            ("{{#each (sortBy l)}}{{i}}{{/each}}[{{sortBy 'x' 'n'}}{{sortBy none}}{{sortBy hole 'n'}}]", "0123[]"),
        ],
    );
    errors(&context, &[("{{sortBy holes 'n'}}", "Cannot read properties of null (reading 'n')")]);
}
