//! Whitespace that is not printed.

use teleflow_template::{Statement, parse};

use crate::summary::summary;

#[test]
fn whitespace_around_tildes_is_removed() {
    for (template, expected) in [
        ("a \n{{~b~}}\n c", r#""a" {b~} "c""#),
        ("a {{~b}} {{{c}~}} d", r#""a" {b~.} " " {&c.~} "d""#),
        ("a {{~! b ~}} \u{feff}c", r#""a" !" b "~ "c""#),
        ("{{#if a~}} b {{~else~}} c {{~/if}} d", r#"#if a.~("b") else~("c")~. " d""#),
        ("{{#if a}} b {{~else if c~}} d {{~/if~}} e", r#"#if a(" b") else if c~("d")~ "e""#),
    ] {
        assert_eq!(summary(&parse(template).unwrap()), expected, "{template}");
    }
}

#[test]
fn lines_with_only_a_tag_are_removed() {
    for (template, expected) in [
        ("a\n  {{#if b}}\n  c\n  {{/if}}  \nd", r#""a\n" #if b("  c\n") "d""#),
        ("{{#if b}}\r\nc\n{{else}}\nd\n{{/if}}\n", r#"#if b("c\n") else("d\n") """#),
        ("{{#each a}}{{b}}\n{{/each}}\nc", r#"#each a({b} "\n") "c""#),
        ("a\n {{! b }}\t\nc", r#""a\n" !" b " "c""#),
        ("a {{#if b}}\nc\n{{/if}} d", r#""a " #if b("\nc\n") " d""#),
        ("a\n  {{b}}\nc", r#""a\n  " {b} "\nc""#),
    ] {
        assert_eq!(summary(&parse(template).unwrap()), expected, "{template}");
    }
}

#[test]
fn a_partial_alone_on_its_line_has_an_indent() {
    let program = parse("a\n\t {{> b}}\nc").unwrap();
    let Statement::Partial(partial) = &program[1] else { panic!() };
    assert_eq!(partial.indent, "\t ");
    let Statement::Text(text) = &program[0] else { panic!() };
    assert_eq!((text.value(), text.whole.as_str()), ("a\n", "a\n\t "));
}
