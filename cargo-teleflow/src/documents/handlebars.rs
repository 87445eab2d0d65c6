//! Finds the variables that a Handlebars template reads.
//!
//! It skips expressions that are not certainly a path through the payload, the actor or the tenant.

// A module imports only from those below it.
mod reader;
mod value;

use teleflow_catalog::server_facts::is_reserved_variable;
use teleflow_template::{Error, parse};

use self::reader::{PathUsages, read};
use super::path::Segment;
use super::usage::{Root, Usage};

/// Finds the variables that a text reads.
pub(super) fn usages(text: &str) -> Result<Vec<Usage>, Error> {
    Ok(rooted(path_usages(text)?, split_root))
}

/// Finds the variables that the value of a step's condition reads. The server renders it with the payload under `payload`.
pub(super) fn condition_usages(text: &str) -> Result<Vec<Usage>, Error> {
    let split = |path: &[Segment]| match path {
        [Segment::Field(root), rest @ ..] if root == "payload" => Some((Root::Payload, rest.to_vec())),
        _ => split_root(path).filter(|(root, _)| *root != Root::Payload),
    };
    Ok(rooted(path_usages(text)?, split))
}

fn path_usages(text: &str) -> Result<PathUsages, Error> {
    if !text.contains("{{") {
        return Ok(Vec::new());
    }
    Ok(read(&parse(text)?))
}

fn rooted(found: PathUsages, split: impl Fn(&[Segment]) -> Option<(Root, Vec<Segment>)>) -> Vec<Usage> {
    let usage = |(path, evidence): (Vec<Segment>, _)| split(&path).map(|(root, path)| Usage { root, path, evidence });
    found.into_iter().filter_map(usage).collect()
}

/// Splits a path into its root and the rest; `None` for variables that the server sets itself.
fn split_root(path: &[Segment]) -> Option<(Root, Vec<Segment>)> {
    let [Segment::Field(root), rest @ ..] = path else { return None };
    let (root, rest) = match root.as_str() {
        "actor" => (Root::Actor, rest),
        "tenant" => (Root::Tenant, rest),
        "step" => match rest {
            [Segment::Field(events), Segment::Element, inside @ ..] if events == "events" => match inside.first() {
                Some(Segment::Field(name)) if !is_reserved_variable(name) => (Root::Collected, inside),
                _ => return None,
            },
            _ => return None,
        },
        _ if is_reserved_variable(root) => return None,
        _ => (Root::Payload, path),
    };
    Some((root, rest.to_vec()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::{condition_usages, usages};
    use crate::documents::path::Segment;
    use crate::documents::usage::{Evidence, Root, Usage};

    fn read(text: &str) -> String {
        summary(&usages(text).unwrap())
    }

    /// The paths of usages, each with a sign for its evidence.
    pub(in crate::documents) fn summary(usages: &[Usage]) -> String {
        let words = usages.iter().map(|usage| {
            let path = usage.path.iter().fold(String::new(), |path, segment| match segment {
                Segment::Element => path + "[]",
                Segment::Field(name) if path.is_empty() => name.clone(),
                Segment::Field(name) => path + "." + name,
            });
            let sign = match usage.evidence {
                Evidence::Rendered => "",
                Evidence::Tested => "?",
                Evidence::Iterated => "*",
                Evidence::ComputedKey => "@",
                _ => "~",
            };
            path + sign
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn paths_are_found() {
        for (text, expected) in [
            ("no template, {not even} a # one", ""),
            ("{{a}} {{{b.c}}} {{&d}} {{~ e ~}}", "a b.c d e"),
            ("{{#if a}}{{b}}{{else if c.d}}{{e}}{{else}}{{f}}{{/if}}", "a? b c.d? e f"),
            ("{{#unless a}}{{b}}{{/unless}}", "a? b"),
            (
                "{{#each items}}{{this.sku}}{{sku}}{{./qty}}{{this}}{{@index}}{{../order.id}}{{@root.x}}{{/each}}",
                "items* items[].sku items[].sku items[].qty items[] order.id x",
            ),
            (
                "{{#each a}}{{#each b}}{{c}}{{../d}}{{../../e}}{{../../../f}}{{/each}}{{/each}}",
                "a* a[].b* a[].b[].c a[].d e",
            ),
            (
                "{{#each items as |item n|}}{{item.sku}}{{item}}{{n}}{{else}}{{none}}{{/each}}",
                "items* items[].sku items[] none",
            ),
            ("{{#each a}}{{#if b}}{{../c}}{{/if}}{{/each}}", "a* a[].b? c"),
            ("{{#with order}}{{id}}{{../x}}{{else}}{{y}}{{/with}}", "order~ order.id x y"),
            ("{{#with order as |o|}}{{o.id}}{{/with}}", "order~ order.id"),
            ("{{dateFormat date \"MM\" zone=tz}} {{numberFormat (lookup prices key) x}}", "date~ tz~ prices@ key~ x~"),
            ("{{#equals a 'x'}}{{b}}{{/equals}}", "a~ b"),
            ("{{#order}}{{id}}{{/order}}", "order~"),
            (
                "{{items.length}} {{#if items.length}}x{{/if}} {{items.[0].sku}} {{length}}",
                "items~ items~ items[].sku length",
            ),
            ("{{order.[ship to]}} {{a/b}}", "order.ship to a.b"),
            ("{{uppercase}} {{this}} {{undefined}} {{#if unique}}{{/if}}", "unique?"),
            ("{{> partial}} {{!-- {{a}} --}} \\{{b}} \\\\{{c}}", "c"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn events_of_a_digest_are_payloads() {
        for (text, expected) in [
            ("{{#each step.events}}{{assignment.name}}{{@index}}{{../plain}}{{/each}}", "assignment.name plain"),
            ("{{step.events.[0].x}} {{step.events.0.y.z}} {{step.events.length}} {{step.total_count}}", "x y.z"),
            ("{{#with step.events.[0]}}{{x}}{{#each list}}{{y}}{{/each}}{{/with}}", "x list* list[].y"),
            ("{{#each step.events as |event|}}{{event.x}}{{/each}}", "x"),
            ("{{#each (sortBy step.events 'date')}}{{name}}{{/each}}", "date~ name"),
            ("{{#each step.events}}{{subscriber.name}}{{this}}{{@root.step.digest}}{{/each}}", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let [usage] = &*usages("{{#each step.events}}{{subject}}{{/each}}").unwrap() else { panic!() };
        assert_eq!(usage.root, Root::Collected);
    }

    #[test]
    fn variables_that_the_server_sets_are_not_of_the_payload() {
        let text = "{{subscriber.a}}{{step.b}}{{branding.c}}{{preheader}}{{tenant.d}}{{actor.e.f}}{{x}}";
        let roots = usages(text).unwrap().into_iter().map(|usage| (usage.root, usage.path.len()));
        assert_eq!(roots.collect::<Vec<_>>(), [(Root::Tenant, 1), (Root::Actor, 2), (Root::Payload, 1)]);
    }

    #[test]
    fn helpers_that_return_arrays_are_followed() {
        for (text, expected) in [
            ("{{#each (sortBy items \"price\")}}{{name}}{{../a}}{{/each}}", "items* items[].price~ items[].name a"),
            ("{{#each (sortBy items)}}{{name}}{{/each}}", "items* items[].name"),
            (
                "{{#each (groupBy items 'kind')}}{{key}}{{#each items}}{{sku}}{{/each}}{{other}}{{/each}}",
                "items* items[].kind~ items* items[].sku",
            ),
            (
                "{{#each (unique items 'kind')}}{{this}}{{sku}}{{/each}}",
                "items* items[].kind~ items[].kind items[].kind.sku",
            ),
            ("{{#each (sortBy (groupBy a 'b') 'key')}}{{#each items}}{{c}}{{/each}}{{/each}}", "a* a[].b~ a* a[].c"),
            ("{{unique items 'kind'}}", "items* items[].kind~"),
            ("{{lookup map key}} {{lookup map 'x'}}", "map@ key~ map~ map.x~"),
            ("{{#with (lookup map key)}}{{x}}{{/with}}", "map@ key~"),
            ("{{#with (lookup list 0)}}{{x}}{{/with}}", "list~ list[]~ list[].x"),
            ("{{#each a}}{{lookup ../b @index}}{{/each}}", "a* b* b[]~"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn rare_syntax_is_read() {
        for (text, expected) in [
            ("{{.}} {{#each a}}{{.}}{{/each}}", "a* a[]"),
            ("{{^if x}}{{a}}{{else}}{{b}}{{/if}} {{^x}}{{c}}{{else}}{{d}}{{/x}}", "x? a b x~ c"),
            ("{{^each l}}{{a}}{{else}}{{b}}{{/each}}", "l* a l[].b"),
            ("{{\"x\"}} {{'a b'}} {{12}} {{b?}} {{uppercase \"x\"}}", "x a b 12 b?"),
            ("{{\u{a0}a\u{feff}}}{{#if\u{2003}b}}{{/if}}", "a b?"),
            (
                "{{list.[0].id}} {{list.[1]}} {{#if list.[2]}}{{/if}} {{list.0.id}}",
                "list[].id list[] list[]~ list[].id",
            ),
            ("{{{{raw}}}}{{a}}{{{{/raw}}}}{{#> p}}{{b}}{{/p}}{{> p c d=e}}", "b c~ e~"),
            ("{{#*inline 'p'}}{{a}}{{d.x}}{{/inline}}{{#*inline 'q'}}{{z}}{{/inline}}{{> p d=e}}", "e~ a e.x"),
            ("{{#each l}}{{#*inline 'p'}}{{a}}{{> p}}{{/inline}}{{> p}}{{/each}}", "l* l[].a"),
            (
                "{{and}} {{json}} {{this.uppercase}} {{#each l as |lookup|}}{{lookup}}{{/each}}",
                "and json uppercase l* l[]",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn conditions_read_the_payload_under_its_name() {
        let text = "{{payload.a.b}} {{tenant.name}} {{plain}} {{payload}}";
        let found = condition_usages(text).unwrap();
        let found: Vec<_> = found.iter().map(|usage| (usage.root, usage.path.len())).collect();
        assert_eq!(found, [(Root::Payload, 2), (Root::Tenant, 1), (Root::Payload, 0)]);
    }

    #[test]
    fn invalid_templates_are_rejected() {
        for text in ["{{#if a}}", "{{a} {{b}}", "{{list.0}}", "{{x}}}", "{{#each a as |"] {
            usages(text).unwrap_err();
        }
    }

    #[test]
    fn deep_and_long_templates_are_read() {
        let many = 20_000;
        let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(100), close.repeat(100));
        usages(&deep("{{#each a}}{{b}}", "{{/each}}")).unwrap();
        usages(&format!("{{{{a {}b{}}}}}", "(sortBy ".repeat(100), ")".repeat(100))).unwrap();
        usages(&format!("{{{{a{}}}}}", ".b".repeat(many))).unwrap();
        usages(&format!("{{{{#each a as |{}|}}}}{{{{b}}}}{{{{/each}}}}", "b ".repeat(many))).unwrap();
        usages(&format!("{{{{#if a}}}}{}{{{{/if}}}}", "{{else if b}}{{c}}".repeat(many))).unwrap();
    }

    #[test]
    fn a_path_is_looked_up_fast_among_many_names() {
        use std::fmt::Write;
        let mut names = String::new();
        for number in 0..40_000 {
            write!(names, " n{number}=1").unwrap();
        }
        let text = format!("{{{{#*inline 'p'}}}}{}{{{{/inline}}}}{{{{> p{names}}}}}", "{{a}}".repeat(40_000));
        let started = std::time::Instant::now();
        assert_eq!(usages(&text).unwrap().len(), 40_000);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    #[test]
    fn partials_that_include_each_other_are_read_once() {
        use std::fmt::Write;
        let mut text = String::new();
        for number in 0..20_000 {
            write!(text, "{{{{#*inline 'p{number}'}}}}{{{{> p{}}}}}{{{{/inline}}}}", number + 1).unwrap();
        }
        assert_eq!(read(&(text + "{{> p0}}{{a}}")), "a");
    }
}
