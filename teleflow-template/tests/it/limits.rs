//! Large, deep and random templates.

use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use teleflow_template::{Block, Program, Span, Statement, parse};

const PIECES: [&str; 60] = [
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{{{",
    "}}}}",
    "{{#if a}}",
    "{{/if}}",
    "{{else}}",
    "{{else if b}}",
    "{{^}}",
    "{{^x}}",
    "{{#x}}",
    "{{/x}}",
    "{{#each c as |d e|}}",
    "{{/each}}",
    "{{> p}}",
    "{{#> p}}",
    "{{/p}}",
    "{{#*inline 'q'}}",
    "{{/inline}}",
    "{{{{r}}}}",
    "{{{{/r}}}}",
    "{{!",
    "{{!--",
    "--}}",
    "~",
    "this",
    "../",
    "..",
    ".",
    "@",
    "@root.x",
    " ",
    "\n",
    "\u{a0}",
    "\\",
    "\\{{",
    "\"",
    "'",
    "[",
    "]",
    "(",
    ")",
    "=",
    "a",
    "b.c",
    "[d e]",
    "true",
    "null",
    "undefined",
    "-1.5",
    "as |",
    "|",
    "#",
    "*",
    "&",
    "é",
    "👍",
    "\0",
];

/// Asserts that each span is in the source, inside its parent, and after its predecessors.
fn check(program: &Program, around: Span, source: &str) {
    let mut at = around.start;
    for statement in program {
        let span = match statement {
            Statement::Text(text) => text.span,
            Statement::Comment(comment) => comment.span,
            Statement::Mustache(mustache) => mustache.span,
            Statement::Partial(partial) => partial.span,
            Statement::Block(block) => {
                check_block(block, source);
                block.span
            }
        };
        assert!(
            at <= span.start && span.start < span.end && span.end <= around.end,
            "{source:?}: {span:?} in {around:?}"
        );
        assert!(source.get(span.start..span.end).is_some(), "{source:?}: {span:?}");
        at = span.end;
    }
}

fn check_block(block: &Block, source: &str) {
    assert!(!block.branches.is_empty(), "{source:?}");
    for branch in &block.branches {
        check(&branch.program, Span { start: branch.tag.end, end: block.span.end }, source);
    }
    if let Some(inverse) = &block.inverse {
        check(&inverse.program, Span { start: inverse.tag.end, end: block.span.end }, source);
    }
}

fn parsed(source: &str) {
    match parse(source) {
        Ok(program) => check(&program, Span { start: 0, end: source.len() }, source),
        Err(error) => assert!(source.get(error.offset()..).is_some(), "{source:?}: {error:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_do_not_panic(pieces in vec(prop::sample::select(PIECES.to_vec()), 0..16)) {
        parsed(&pieces.concat());
    }

    #[test]
    fn any_text_does_not_panic(text in any::<String>(), inside in any::<String>()) {
        parsed(&text);
        parsed(&format!("{{{{{inside}}}}}"));
    }
}

#[test]
fn time_is_proportional_to_length() {
    let started = Instant::now();
    for piece in
        PIECES.into_iter().chain(["{{a ", "(a ", "\"a\\\"", "{{! --", "{{x [a\\]", "{{else a}}", "{{a}}", "b ", "as "])
    {
        for (before, after) in [("", ""), ("{{a ", "}}"), ("{{#if a}}", "{{/if}}"), ("{{{{r}}}}", "{{{{/r}}}}")] {
            parsed(&format!("{before}{}{after}", piece.repeat(20_000)));
        }
    }
    // Quadratic time would be hours.
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
}

#[test]
fn nesting_has_a_limit() {
    let blocks = |depth: usize| format!("{}x{}", "{{#if a}}".repeat(depth), "{{/if}}".repeat(depth));
    let parentheses = |depth: usize| format!("{{{{a {}b{}}}}}", "(c ".repeat(depth), ")".repeat(depth));
    parse(&blocks(100)).unwrap();
    parse(&parentheses(100)).unwrap();
    assert_eq!(
        parse(&blocks(101)).unwrap_err().to_string(),
        "line 1, column 901: blocks are nested more than 100 deep"
    );
    assert_eq!(
        parse(&parentheses(101)).unwrap_err().to_string(),
        "line 1, column 305: parentheses are nested more than 100 deep"
    );
    parse(&blocks(1_000_000)).unwrap_err();
    parse(&parentheses(1_000_000)).unwrap_err();
}
