//! Finds the variables that a Liquid template reads. Newer servers render Liquid, with the payload under `payload`.
//!
//! It skips expressions that are not certainly a path through the payload.

// A module imports only from those below it.
mod reader;
mod scan;

use self::scan::{Piece, Token};
use super::path::Segment;
use super::usage::Usage;

/// The payload, and the variables that such a server sets itself.
const ROOTS: [&str; 5] = ["payload", "steps", "workflow", "env", "context"];

/// Returns whether the text can only be Liquid. `is_listed`: the server lists this name as a variable of the payload, as it
/// does for Handlebars templates.
pub(super) fn is_liquid(text: &str, is_listed: impl Fn(&str) -> bool) -> bool {
    let Ok(pieces) = scan::pieces(text) else { return false };
    if pieces.iter().any(|piece| matches!(piece, Piece::Tag(name, _) if scan::is_tag(name))) {
        return true;
    }
    let mut outputs = Vec::new();
    for piece in &pieces {
        let Piece::Output(inside) = piece else { return false };
        let Ok(tokens) = scan::tokens(inside) else { return false };
        outputs.push(tokens);
    }
    let has_filter = outputs.iter().flatten().any(|token| *token == Token::Sign('|'));
    if has_filter && teleflow_template::parse(text).is_err() {
        return true;
    }
    let has_root = |tokens: &Vec<Token<'_>>| {
        matches!(tokens.as_slice(), [Token::Name(root), Token::Sign('.' | '['), ..]
            if ROOTS.contains(root) && !is_listed(root))
    };
    outputs.iter().any(has_root)
}

/// The path in the payload of a listed path; `None` for variables that the server sets itself.
pub(super) fn payload_path(mut path: Vec<Segment>) -> Option<Vec<Segment>> {
    match path.first() {
        Some(Segment::Field(root)) if root == "payload" && path.len() > 1 => {
            path.remove(0);
            Some(path)
        }
        Some(Segment::Field(root)) if ROOTS.contains(&root.as_str()) => None,
        _ => Some(path),
    }
}

/// Finds the variables that a text reads.
pub(super) fn usages(text: &str) -> Result<Vec<Usage>, String> {
    reader::read(&scan::pieces(text)?)
}

#[cfg(test)]
mod tests {
    use super::{is_liquid, usages};
    use crate::documents::handlebars;
    use crate::documents::handlebars::tests::summary;

    fn read(text: &str) -> String {
        summary(&usages(text).unwrap())
    }

    #[test]
    fn liquid_reads_paths_of_the_payload() {
        for (text, expected) in [
            ("{{ payload.a }} {{payload.b.c}} {{- payload.d -}} {{payload[\"e f\"]}}", "a b.c d e f"),
            ("{{ payload.a | upcase }} {{ payload.b | default: payload.c, x: payload.d }}", "a~ b~ c~ d~"),
            ("{{ 'payload.a' }} {{ \"x\" | append: payload.b }} {{ 1.5 }} {{ true }}", "b~"),
            (
                "{% if payload.a %}{{ payload.b }}{% elsif payload.c == 'x' and payload.d > 1 %}{% endif %}",
                "a? b c~ d~",
            ),
            (
                "{% for i in payload.items limit: payload.most %}{{ i.sku }}{{ forloop.index }}{% endfor %}{{ i.sku }}",
                "items* most~ items[].sku",
            ),
            ("{% for i in payload.a %}{% for j in i.b %}{{ j }}{% endfor %}{% endfor %}", "a* a[].b* a[].b[]"),
            (
                "{% assign x = payload.order %}{{ x.id }}{% assign y = x.list | sort %}{{ y[0].z }}",
                "order~ order.id order.list~ order.list[].z",
            ),
            (
                "{% assign x = payload.a | upcase %}{{ x }} {% capture c %}{{ payload.b }}{% endcapture %}{{ c }}",
                "a~ b",
            ),
            (
                "{{ payload.items.size }} {{ payload.items.first.sku }} {{ payload.items[0].id }}",
                "items~ items[].sku items[].id",
            ),
            ("{{ payload.map[payload.key] }}", "map@ key~"),
            ("{{ steps.digest-step.events[0].payload.name }} {{ steps.d.eventCount }}", "name"),
            ("{% for e in steps.d.events %}{{ e.payload.x.y }}{{ e.id }}{% endfor %}", "x.y"),
            (
                "{{ subscriber.firstName }} {{ workflow.name }} {{ env.X }} {{ context.tenant.id }} {{ actor.a }} {{ plain }}",
                "",
            ),
            ("{% raw %}{{ payload.a }}{% endraw %}{% comment %}{{ payload.b }}{% endcomment %}{{ payload.c }}", "c"),
            ("{% liquid\n assign x = payload.a\n echo x.b\n%}", "a~ a.b"),
            (
                "{% case payload.a %}{% when payload.b %}{% else %}{% endcase %}{% unless payload.c %}{% endunless %}",
                "a? b? c?",
            ),
            ("{% for n in (1..payload.most) %}{{ n }}{% endfor %}", "most~"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_path_is_looked_up_fast_among_many_loops() {
        use std::fmt::Write;
        let mut text = String::new();
        for number in 0..30_000 {
            write!(text, "{{% for n{number} in payload.a %}}{{{{ payload.b }}}}").unwrap();
        }
        let started = std::time::Instant::now();
        assert_eq!(usages(&text).unwrap().len(), 60_000);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    #[test]
    fn invalid_liquid_is_rejected() {
        for text in ["{{ payload.a", "{% if x", "{{ a ? }}", "{{#if a}}", "{{ payload. }}", "{{ 'a }}", "{% raw %}x"] {
            usages(text).unwrap_err();
        }
    }

    #[test]
    fn liquid_is_recognized_by_its_syntax() {
        for text in [
            "{% if a %}{% endif %}",
            "{{ a }}{%- assign b = 1 -%}",
            "{{ name | upcase }}",
            "{{ payload.a }}",
            "{{ workflow.name }} {{ b }}",
            "{{ steps.x.events[0] }}",
        ] {
            assert!(is_liquid(text, |_| false), "{text}");
        }
        for text in [
            "no template",
            "{{ a }}",
            "{{#each l as |x|}}{{x}}{{/each}}",
            "100 {% of it %}",
            "{{#if payload.a}}{{payload.a}}{{/if}}",
            "{{ payload }}",
            "{{ a",
        ] {
            assert!(!is_liquid(text, |_| false), "{text}");
        }
        assert!(!is_liquid("{{ payload.a }}", |name| name == "payload"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn pieces_in_any_order_are_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..12)) {
            let text = pieces.concat();
            let _ = (handlebars::usages(&text), handlebars::condition_usages(&text), usages(&text));
            is_liquid(&text, |_| false);
        }
    }

    const PIECES: [&str; 40] = [
        "{{",
        "}}",
        "{{#if a}}",
        "{{/if}}",
        "{{else}}",
        "{{else if b}}",
        "{{#each c as |d e|}}",
        "{{/each}}",
        "{{> p}}",
        "{{#*inline 'p'}}",
        "{{/inline}}",
        "{{#each (sortBy step.events 'x')}}",
        "{{#with (lookup f 0)}}",
        "{{/with}}",
        "{{g}}",
        "{{^h}}",
        "{{/h}}",
        "this",
        "../",
        "@root.x",
        " ",
        "\\",
        "\"",
        "~",
        "{%",
        "%}",
        "{% for i in payload.j %}",
        "{% endfor %}",
        "{{ i.k }}",
        "|",
        "[",
        "]",
        ".",
        "payload",
        "'",
        "0",
        "{% assign l = payload.m[0] %}",
        "{{ l[payload.n] }}",
        "{% raw %}",
        "\u{e9}",
    ];
}
