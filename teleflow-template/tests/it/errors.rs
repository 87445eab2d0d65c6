//! Invalid templates and their error messages.

use teleflow_template::parse;

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (template, error) in [
        ("{{a}}}", "line 1, column 4: unexpected `}}}`, expected an argument or `}}`"),
        ("{{{a}}", "line 1, column 5: unexpected `}}`, expected an argument or `}}}`"),
        ("{{a", "line 1, column 4: a tag is not closed"),
        ("{{a ", "line 1, column 5: unexpected end of the template, expected an argument or `}}`"),
        ("{{", "line 1, column 3: unexpected end of the template, expected a name"),
        ("{{}}", "line 1, column 3: unexpected `}}`, expected a name"),
        ("{{a % b}}", "line 1, column 5: unexpected `%`"),
        ("{{a \"b}}", "line 1, column 5: a string is not closed"),
        ("{{[a}}", "line 1, column 3: a `[` is not closed"),
        (
            "a\nü{{list.0}}",
            "line 2, column 9: unexpected `0`, expected a name; write `[0]` for the first element of an array",
        ),
        ("{{a/../b}}", "line 1, column 3: `a/..` is not a valid path: `..` must come first"),
        ("{{a.this}}", "line 1, column 3: `a.this` is not a valid path: `this` must come first"),
        ("{{a b=c d}}", "line 1, column 9: unexpected `d`, expected an argument or `}}`"),
        ("{{a (b}}", "line 1, column 7: unexpected `}}`, expected an argument or `)`"),
        ("{{#if a}}x", "line 1, column 11: unexpected end of the template, expected `{{/if}}`"),
        ("{{#if a}}{{/each}}", "line 1, column 10: `if` is closed by `each`"),
        ("{{#a}}{{else}}{{else}}{{/a}}", "line 1, column 15: unexpected `{{else}}`, expected `{{/a}}`"),
        ("{{^a}}{{else b}}{{/a}}", "line 1, column 7: unexpected `{{else`, expected `{{/a}}`"),
        ("{{#> a}}{{else}}{{/a}}", "line 1, column 9: unexpected `{{else}}`, expected `{{/a}}`"),
        ("{{else}}", "line 1, column 1: unexpected `{{else}}`, expected text or a tag"),
        ("{{/a}}", "line 1, column 1: unexpected `{{/`, expected text or a tag"),
        ("{{#each a as |b}}{{/each}}", "line 1, column 16: unexpected `}}`, expected a name or `|`"),
        ("{{#each a as ||}}{{/each}}", "line 1, column 15: unexpected `|`, expected a name or `|`"),
        ("{{#each a as |[b]|}}{{/each}}", "line 1, column 11: `[b]` is not a valid block parameter"),
        ("{{!-- a }}", "line 1, column 1: a comment is not closed: it ends with `--}}`"),
        ("{{! a", "line 1, column 3: unexpected `!`"),
        ("{{{{a}}}}", "line 1, column 10: unexpected end of the template, expected the end of the raw block"),
        ("{{{{a}}}}x", "line 1, column 10: a raw block is not closed"),
        ("{{{{a}}}}x{{{{/b}}}}", "line 1, column 11: `a` is closed by `b`"),
        ("\\{{👍\0", "line 1, column 5: a template must not contain NUL"),
        ("a\0b{{c}}", "line 1, column 2: a template must not contain NUL"),
        ("{{#if {{a}} }}{{/if}}", "line 1, column 7: unexpected `{{`, expected an argument or `}}`"),
    ] {
        assert_eq!(parse(template).map_err(|error| error.to_string()), Err(error.to_owned()), "{template}");
    }
}

#[test]
fn the_offset_of_an_error_is_in_bytes() {
    assert_eq!(parse("ü\n{{a % b}}").unwrap_err().offset(), 7);
}
