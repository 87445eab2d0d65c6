//! All syntax of handlebars.js.

use teleflow_template::{Expression, Statement, parse};

use crate::summary::summary;

#[track_caller]
fn are(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        let program = parse(template).unwrap_or_else(|error| panic!("{template}: {error}"));
        assert_eq!(summary(&program), *expected, "{template}");
    }
}

#[test]
fn text_and_mustaches() {
    are(&[
        ("", ""),
        ("a } } b { c", r#""a } } b { c""#),
        ("a{{b}}c", r#""a" {b} "c""#),
        ("{{{a}}}{{&b}}{{~c~}}{{~{d}~}}{{~&e}}{{* f}}", "{&a} {&b} {c~} {&d~} {&e~.} {*f}"),
        ("{{\u{a0}a\u{feff}\u{2028}b\n}}", "{a b}"),
        ("{{a\u{85}b}}", "{a\u{85}b}"),
    ]);
}

#[test]
fn escapes() {
    are(&[
        (r"a\{{b}}c", r#""a" "{{b}}c""#),
        (r"\{{a}}{{b}}\{{c}}", r#""{{a}}" {b} "{{c}}""#),
        (r"\\{{a}}", r#""\\" {a}"#),
        (r"\\\{{a}}", r#""\\\\" {a}"#),
        (r"\{{a}}\\{{b}}", r#""{{a}}" "\\" {b}"#),
        (r"\{{a}}\\\{{b}}", r#""{{a}}\\" "\\" {b}"#),
        (r"a\b", r#""a\\b""#),
    ]);
}

#[test]
fn comments() {
    are(&[
        ("{{! a }}{{!b}}", r#"!" a " !"b""#),
        ("{{!-- {{a}} --}}{{~!--b--~}}{{!c~}}", r#"!" {{a}} " !"b"~ !"c".~"#),
        ("{{!--}}{{!-a-}}", r#"!"" !"a""#),
    ]);
}

#[test]
fn paths() {
    are(&[
        ("{{a.b/c}}{{this}}{{.}}{{this.a}}{{./a}}", "{a/b/c} {.} {.} {a} {a}"),
        ("{{..}}{{../a}}{{../../a.b}}{{../.}}", "{^.} {^a} {^^a/b} {^.}"),
        ("{{@root.a}}{{@index}}{{@../index}}", "{@root/a} {@index} {@^index}"),
        ("{{a.[b c].[0]}}{{[this]}}{{a.[\\]]}}{{list.0.id}}", "{a/b c/0} {this} {a/]} {list/0/id}"),
        (
            "{{b?}}{{$a}}{{a-b}}{{имя}}{{a:b}}{{true.a}}{{elsewhere}}",
            "{b?} {$a} {a-b} {имя} {a:b} {true/a} {elsewhere}",
        ),
        ("{{a..b}}{{a.}}{{a .b}}{{a . b}}", "{a ^. b} {a .} {a/b} {a . b}"),
    ]);
}

#[test]
fn literals_and_arguments() {
    are(&[
        (r#"{{"a"}}{{'a b'}}{{12}}{{true}}{{undefined}}{{null}}"#, r#"{"a"} {"a b"} {12} {true} {undefined} {null}"#),
        (r#"{{a "b\"c" 'd\'e' "f'g" -1.5 false}}"#, r#"{a "b\"c" "d'e" "f'g" -1.5 false}"#),
        (r#"{{a "b\" }}"#, r#"{a "b\\"}"#),
        ("{{a b.c (d e (f) g=h) i=j k=(l) [m n]=1}}", "{a b/c (d e (f) g=h) i=j k=(l) m n=1}"),
        ("{{1a}}{{-a}}{{1.a}}{{as}}{{nullable}}", "{1a} {-a} {1/a} {as} {nullable}"),
    ]);
}

#[test]
fn blocks() {
    are(&[
        ("{{#if a}}b{{/if}}", r#"#if a("b")"#),
        ("{{#if a}}b{{else}}c{{/if}}", r#"#if a("b") else("c")"#),
        ("{{#if a}}b{{^}}c{{/if}}", r#"#if a("b") else("c")"#),
        (
            "{{#if a}}b{{else if c}}d{{else with e as |f g|}}h{{else}}i{{/if}}",
            r#"#if a("b") else if c("d") else with e |f g|("h") else("i")"#,
        ),
        ("{{^a}}b{{else}}c{{/a}}{{^if d}}{{/if}}", r#"^a("b") else("c") ^if d()"#),
        ("{{#each a as |b c|}}{{b}}{{/each}}", "#each a |b c|({b})"),
        ("{{~#a~}}b{{~else~}}c{{~/a~}}", r#"#a~("b") else~("c")~"#),
        ("{{#a}}{{#b}}{{^c}}{{/c}}{{/b}}{{/a}}", "#a(#b(^c()))"),
        (r#"{{#"a"}}{{/a}}{{#1.0}}{{/1}}{{#[a]}}{{/a}}{{#a/b}}{{/a/b}}"#, r##"#"a"() #1() #a() #a/b()"##),
    ]);
}

#[test]
fn raw_blocks_partials_and_decorators() {
    are(&[
        ("{{{{a}}}} {{b}} {{{{/a}}}}", r#"raw a(" {{b}} ")"#),
        ("{{{{a b c=d}}}}{{{{e}}}}f{{{{/e}}}}{{{{/a}}}}", r#"raw a b c=d("{{{{" "e}}}}f" "{{{{/e}}}}")"#),
        ("{{> a}}{{> a/b c d=e}}{{>(a b)}}{{~> a~}}", "{>a} {>a/b c d=e} {>(a b)} {>a~}"),
        ("{{#> a b}}c{{/a}}", r#"#>a b("c")"#),
        (r#"{{#*inline "a"}}b{{/inline}}"#, r##"#*inline "a"("b")"##),
    ]);
}

#[test]
fn spans_are_those_of_the_source() {
    let source = "é{{#if a.b}}\\{{x}}{{else c 'd' e=(f 1)}}{{~ g ~}}{{/if}}{{!c}}";
    let program = parse(source).unwrap();
    let Statement::Block(block) = &program[1] else { panic!() };
    let of = |span: teleflow_template::Span| &source[span.start..span.end];
    assert_eq!(of(block.span), "{{#if a.b}}\\{{x}}{{else c 'd' e=(f 1)}}{{~ g ~}}{{/if}}");
    assert_eq!(of(block.branches[0].tag), "{{#if a.b}}");
    assert_eq!(of(block.branches[0].call.span), "if a.b");
    assert_eq!(of(block.branches[0].call.params[0].span()), "a.b");
    let Statement::Text(text) = &block.branches[0].program[0] else { panic!() };
    assert_eq!((of(text.span), text.value()), ("{{x}}", "{{x}}"));
    let call = &block.branches[1].call;
    assert_eq!(of(call.span), "c 'd' e=(f 1)");
    assert_eq!((of(call.params[0].span()), of(call.hash[0].span)), ("'d'", "e=(f 1)"));
    let Expression::Call(inner) = &call.hash[0].value else { panic!() };
    assert_eq!(of(inner.span), "(f 1)");
    let Statement::Mustache(mustache) = &block.branches[1].program[0] else { panic!() };
    assert_eq!((of(mustache.span), of(mustache.call.span)), ("{{~ g ~}}", "g"));
    let Statement::Comment(comment) = &program[2] else { panic!() };
    assert_eq!(of(comment.span), "{{!c}}");
}

#[test]
fn a_path_from_a_context_is_scoped() {
    for (template, is_scoped) in [
        ("{{a}}", false),
        ("{{this}}", true),
        ("{{.}}", true),
        ("{{./a}}", true),
        ("{{../a}}", true),
        ("{{thisA}}", false),
    ] {
        let Statement::Mustache(mustache) = &parse(template).unwrap()[0] else { panic!() };
        assert_eq!(mustache.call.callee.as_path().unwrap().is_scoped(), is_scoped, "{template}");
    }
}
