//! The variables that a Handlebars template reads.
//!
//! What is not clearly a place in the payload, the actor or the tenant is left out.

mod reader;
mod value;

use teleflow_catalog::server_facts::is_reserved_variable;
use teleflow_template::{Error, parse};

use crate::documents::usage::{Evidence, Place};
use reader::Reader;

/// A place that a template reads, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) root: Root,
    /// The way from the root.
    pub(crate) way: Vec<Place>,
    pub(crate) how: Evidence,
}

/// Where a way begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Payload,
    /// A payload among those that a digest has collected.
    Collected,
    Actor,
    Tenant,
}

/// What a text reads.
pub(crate) fn readings(text: &str) -> Result<Vec<Reading>, Error> {
    let found = places(text)?.into_iter();
    Ok(found
        .filter_map(|(way, how)| rooted(&way).map(|(root, way)| Reading { root, way: way.to_vec(), how }))
        .collect())
}

/// What the value of a step's condition reads: there the payload is under the name `payload`.
pub(crate) fn readings_of_condition(text: &str) -> Result<Vec<Reading>, Error> {
    let found = places(text)?.into_iter();
    let rooted = |way: &[Place]| match way {
        [Place::Field(root), rest @ ..] if root == "payload" => Some((Root::Payload, rest.to_vec())),
        _ => rooted(way).filter(|(root, _)| *root != Root::Payload).map(|(root, way)| (root, way.to_vec())),
    };
    Ok(found.filter_map(|(way, how)| rooted(&way).map(|(root, way)| Reading { root, way, how })).collect())
}

/// The root that a way through all that a template sees begins at; none for what the server fills in itself.
fn rooted(way: &[Place]) -> Option<(Root, &[Place])> {
    let [Place::Field(root), rest @ ..] = way else { return None };
    match root.as_str() {
        "actor" => Some((Root::Actor, rest)),
        "tenant" => Some((Root::Tenant, rest)),
        "step" => match rest {
            [Place::Field(events), Place::Element, inside @ ..] if events == "events" => match inside.first() {
                Some(Place::Field(name)) if !is_reserved_variable(name) => Some((Root::Collected, inside)),
                _ => None,
            },
            _ => None,
        },
        _ if is_reserved_variable(root) => None,
        _ => Some((Root::Payload, way)),
    }
}

type Places = Vec<(Vec<Place>, Evidence)>;

fn places(text: &str) -> Result<Places, Error> {
    if !text.contains("{{") {
        return Ok(Vec::new());
    }
    let program = parse(text)?;
    Ok(Reader::read(&program))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Evidence, Place, Reading, Root, readings, readings_of_condition};

    fn read(text: &str) -> String {
        in_words(&readings(text).unwrap())
    }

    /// The ways of readings, each with a sign for how it is read.
    pub(crate) fn in_words(readings: &[Reading]) -> String {
        let words = readings.iter().map(|reading| {
            let way = reading.way.iter().fold(String::new(), |way, place| match place {
                Place::Element => way + "[]",
                Place::Field(name) if way.is_empty() => name.clone(),
                Place::Field(name) => way + "." + name,
            });
            let sign = match reading.how {
                Evidence::Rendered => "",
                Evidence::Asked => "?",
                Evidence::Iterated => "*",
                Evidence::Keyed => "@",
                _ => "~",
            };
            way + sign
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn templates_read_paths() {
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
    fn what_a_digest_collected_is_of_the_payload() {
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
        let [reading] = &*readings("{{#each step.events}}{{subject}}{{/each}}").unwrap() else { panic!() };
        assert_eq!(reading.root, Root::Collected);
    }

    #[test]
    fn what_the_server_fills_in_is_not_of_the_payload() {
        let text = "{{subscriber.a}}{{step.b}}{{branding.c}}{{preheader}}{{tenant.d}}{{actor.e.f}}{{x}}";
        let roots = readings(text).unwrap().into_iter().map(|reading| (reading.root, reading.way.len()));
        assert_eq!(roots.collect::<Vec<_>>(), [(Root::Tenant, 1), (Root::Actor, 2), (Root::Payload, 1)]);
    }

    #[test]
    fn what_a_helper_makes_of_a_list_is_known() {
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
    fn forms_that_few_know_are_read() {
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
    fn conditions_see_the_payload_under_its_name() {
        let text = "{{payload.a.b}} {{tenant.name}} {{plain}} {{payload}}";
        let found = readings_of_condition(text).unwrap();
        let found: Vec<_> = found.iter().map(|reading| (reading.root, reading.way.len())).collect();
        assert_eq!(found, [(Root::Payload, 2), (Root::Tenant, 1), (Root::Payload, 0)]);
    }

    #[test]
    fn what_is_not_a_template_is_refused() {
        for text in ["{{#if a}}", "{{a} {{b}}", "{{list.0}}", "{{x}}}", "{{#each a as |"] {
            readings(text).unwrap_err();
        }
    }

    #[test]
    fn a_template_that_is_deep_or_long_is_no_trouble() {
        let many = 20_000;
        let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(100), close.repeat(100));
        readings(&deep("{{#each a}}{{b}}", "{{/each}}")).unwrap();
        readings(&format!("{{{{a {}b{}}}}}", "(sortBy ".repeat(100), ")".repeat(100))).unwrap();
        readings(&format!("{{{{a{}}}}}", ".b".repeat(many))).unwrap();
        readings(&format!("{{{{#each a as |{}|}}}}{{{{b}}}}{{{{/each}}}}", "b ".repeat(many))).unwrap();
        readings(&format!("{{{{#if a}}}}{}{{{{/if}}}}", "{{else if b}}{{c}}".repeat(many))).unwrap();
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
        assert_eq!(readings(&text).unwrap().len(), 40_000);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    #[test]
    fn partials_that_include_each_other_are_no_trouble() {
        use std::fmt::Write;
        let mut text = String::new();
        for number in 0..20_000 {
            write!(text, "{{{{#*inline 'p{number}'}}}}{{{{> p{}}}}}{{{{/inline}}}}", number + 1).unwrap();
        }
        assert_eq!(read(&(text + "{{> p0}}{{a}}")), "a");
    }
}
