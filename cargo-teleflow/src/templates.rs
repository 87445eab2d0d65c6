//! The paths that a template reads.
//!
//! What is not clearly a place in the payload is left out, and so is a text that is no template.

use std::panic;

use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, PathSeg, Template};

use crate::tree::{Evidence, Place};

/// Texts with more blocks than this are not looked at: a parser needs stack for each.
const MOST_BLOCKS: usize = 300;
const LONGEST: usize = 1024 * 1024;
/// How deep helpers in helpers' parameters are looked at.
const DEEPEST: usize = 50;

/// A place that a template reads, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) way: Vec<Place>,
    pub(crate) how: Evidence,
}

/// What a text reads.
pub(crate) fn readings(text: &str) -> Vec<Reading> {
    if !text.contains("{{") || text.len() > LONGEST || blocks(text) > MOST_BLOCKS {
        return Vec::new();
    }
    // The parser is not ours, and what it is given is not either.
    let Ok(Ok(template)) = panic::catch_unwind(|| Template::compile(text)) else {
        return Vec::new();
    };
    let mut reader = Reader { contexts: vec![Some(Vec::new())], names: Vec::new(), found: Vec::new() };
    reader.template(&template);
    reader.found
}

/// Names that are helpers of the server's, and no variables.
fn is_helper(name: &str) -> bool {
    matches!(
        name,
        "and"
            | "dateFormat"
            | "each"
            | "else"
            | "eq"
            | "equals"
            | "groupBy"
            | "gt"
            | "gte"
            | "i18n"
            | "log"
            | "lookup"
            | "lowercase"
            | "lt"
            | "lte"
            | "ne"
            | "not"
            | "numberFormat"
            | "or"
            | "pluralize"
            | "sortBy"
            | "titlecase"
            | "undefined"
            | "unique"
            | "uppercase"
    )
}

/// How many blocks and branches begin in a text, at most.
fn blocks(text: &str) -> usize {
    let begins = |word: &str| {
        let before = text.match_indices(word).filter_map(|(at, _)| text.get(..at));
        before.filter(|before| before.trim_end_matches(['~', ' ', '\t', '\n', '\r']).ends_with("{{")).count()
    };
    begins("#") + begins("^") + begins("else")
}

struct Reader {
    /// What `this` is in the blocks around, outermost first; None where that is not known.
    contexts: Vec<Option<Vec<Place>>>,
    /// Names given by `as |name|`, and what they stand for.
    names: Vec<(String, Option<Vec<Place>>)>,
    found: Vec<Reading>,
}

impl Reader {
    fn template(&mut self, template: &Template) {
        for element in &template.elements {
            match element {
                TemplateElement::Expression(helper) | TemplateElement::HtmlExpression(helper) => self.mustache(helper),
                TemplateElement::HelperBlock(helper) => self.block(helper),
                _ => {}
            }
        }
    }

    fn mustache(&mut self, helper: &HelperTemplate) {
        let is_helper = helper.name.as_name().is_some_and(is_helper);
        if !helper.params.is_empty() || !helper.hash.is_empty() {
            self.parameters(helper, Evidence::Used, 0);
        } else if !is_helper {
            self.parameter(&helper.name, Evidence::Rendered, 0);
        }
    }

    fn block(&mut self, helper: &HelperTemplate) {
        let name = helper.name.as_name().unwrap_or_default();
        let how = match name {
            "each" => Evidence::Iterated,
            "if" | "unless" => Evidence::Asked,
            _ => Evidence::Used,
        };
        self.parameters(helper, how, 0);
        let given = helper.params.first().and_then(|parameter| self.way(parameter));
        match name {
            "if" | "unless" => self.inside(helper),
            "each" => {
                let element = given.map(|mut way| {
                    way.push(Place::Element);
                    way
                });
                self.entered(helper, element);
            }
            "with" => self.entered(helper, given),
            // A helper that the server or its users have made: most hand on the context that they stand in.
            _ if !helper.params.is_empty() || is_helper(name) => self.inside(helper),
            // A variable as a block: a list, an object or a condition.
            _ => {
                self.parameter(&helper.name, Evidence::Used, 0);
                self.entered(helper, None);
            }
        }
        if let Some(inverse) = &helper.inverse {
            self.template(inverse);
        }
    }

    fn inside(&mut self, helper: &HelperTemplate) {
        if let Some(template) = &helper.template {
            self.template(template);
        }
    }

    /// The block inside, where `this` is something else.
    fn entered(&mut self, helper: &HelperTemplate, context: Option<Vec<Place>>) {
        let names = self.names.len();
        match &helper.block_param {
            Some(BlockParam::Single(Parameter::Name(name))) => self.names.push((name.clone(), context.clone())),
            Some(BlockParam::Pair((Parameter::Name(name), Parameter::Name(index)))) => {
                self.names.push((name.clone(), context.clone()));
                self.names.push((index.clone(), None));
            }
            _ => {}
        }
        self.contexts.push(context);
        self.inside(helper);
        self.contexts.pop();
        self.names.truncate(names);
    }

    fn parameters(&mut self, helper: &HelperTemplate, how: Evidence, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for parameter in helper.params.iter().take(1) {
            self.parameter(parameter, how, depth);
        }
        for parameter in helper.params.iter().skip(1).chain(helper.hash.values()) {
            self.parameter(parameter, Evidence::Used, depth);
        }
    }

    fn parameter(&mut self, parameter: &Parameter, how: Evidence, depth: usize) {
        match parameter {
            Parameter::Subexpression(inner) => {
                if let TemplateElement::Expression(helper) = inner.as_element() {
                    self.parameters(helper, Evidence::Used, depth + 1);
                }
            }
            Parameter::Path(_) | Parameter::Name(_) => {
                let Some(mut way) = self.way(parameter).filter(|_| parameter.as_name() != Some("undefined")) else {
                    return;
                };
                // A list and a text have a length, and a list has numbers: what is read is the whole.
                let is_whole = |place: &Place| match place {
                    Place::Field(name) => name == "length" || name.bytes().all(|byte| byte.is_ascii_digit()),
                    Place::Element => false,
                };
                let whole = way.iter().skip(1).position(is_whole);
                way.truncate(whole.map_or(way.len(), |at| at + 1));
                if !way.is_empty() {
                    self.found.push(Reading { way, how: if whole.is_some() { Evidence::Used } else { how } });
                }
            }
            _ => {}
        }
    }

    /// The place that a parameter names, as far as that is clear.
    fn way(&self, parameter: &Parameter) -> Option<Vec<Place>> {
        let (segments, raw) = match parameter {
            Parameter::Path(Path::Relative((segments, raw))) => (segments.as_slice(), raw.as_str()),
            Parameter::Name(name) => return self.named(&[name], name, 0),
            _ => return None,
        };
        let mut names = Vec::new();
        let mut ruled = 0;
        for segment in segments {
            match segment {
                PathSeg::Named(name) => names.push(name.as_str()),
                PathSeg::Ruled(_) => ruled += 1,
                _ => return None,
            }
        }
        if raw.starts_with("@root") {
            let way = names.iter().map(|name| Place::Field((*name).to_owned())).collect();
            return (ruled == 1).then_some(way);
        }
        if raw.contains('@') {
            return None;
        }
        self.named(&names, raw, ruled)
    }

    fn named(&self, names: &[&str], raw: &str, up: usize) -> Option<Vec<Place>> {
        let is_own = up > 0 || raw.starts_with("this") || raw.starts_with('.');
        let alias = names.first().and_then(|first| self.names.iter().rev().find(|(name, _)| name == first));
        let (mut way, rest) = match alias {
            Some((_, stands_for)) if !is_own => (stands_for.clone()?, names.get(1..)?),
            _ => (self.contexts.iter().rev().nth(up)?.clone()?, names),
        };
        way.extend(rest.iter().map(|name| Place::Field((*name).to_owned())));
        Some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Place, readings};

    fn read(text: &str) -> String {
        let found = readings(text).into_iter().map(|reading| {
            let way = reading.way.iter().fold(String::new(), |way, place| match place {
                Place::Element => way + "[]",
                Place::Field(name) if way.is_empty() => name.clone(),
                Place::Field(name) => way + "." + name,
            });
            let sign = match reading.how {
                Evidence::Rendered => "",
                Evidence::Asked => "?",
                Evidence::Iterated => "*",
                _ => "~",
            };
            way + sign
        });
        found.collect::<Vec<_>>().join(" ")
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
            ("{{dateFormat date \"MM\" zone=tz}} {{numberFormat (lookup prices key) x}}", "date~ tz~ prices~ key~ x~"),
            ("{{#equals a 'x'}}{{b}}{{/equals}}", "a~ b"),
            ("{{#each (sortBy items 'p')}}{{sku}}{{../a}}{{/each}}", "items~ a"),
            ("{{#order}}{{id}}{{/order}}", "order~"),
            (
                "{{items.length}} {{#if items.length}}x{{/if}} {{items.[0].sku}} {{length}}",
                "items~ items~ items~ length",
            ),
            ("{{order.[ship to]}} {{a/b}}", "order.ship to a.b"),
            ("{{uppercase}} {{this}} {{undefined}} {{#if unique}}{{/if}}", "unique?"),
            ("{{> partial}} {{!-- {{a}} --}} \\{{b}} {{c}}", "c"),
            ("{{#if a}}", ""),
            ("{{a} {{b}}", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_that_a_template_holds_is_too_much() {
        let many = 20_000;
        for piece in [
            "{{#if a}}",
            "{{else if a}}",
            "{{a ",
            "(a ",
            "[",
            "{\"a\":",
            "{{{{",
            "{{#each a as |",
            "{{!--",
            "../",
            "{{ ~ #if a}}",
        ] {
            for (before, after) in [("", ""), ("{{a ", "}}"), ("{{#if a}}", "{{/if}}")] {
                readings(&format!("{before}{}{after}", piece.repeat(many)));
            }
        }
        readings(&format!("{{{{a {}b{}}}}}", "(c ".repeat(1000), ")".repeat(1000)));
        readings(&format!("{}x{}", "{{#if a}}".repeat(300), "{{/if}}".repeat(300)));
    }

    #[test]
    fn pieces_in_any_order_are_no_trouble() {
        const PIECES: [&str; 22] = [
            "{{",
            "}}",
            "{{#if a}}",
            "{{/if}}",
            "{{else}}",
            "{{else if b}}",
            "{{#each c as |d e|}}",
            "{{/each}}",
            "{{{",
            "}}}",
            "{{> p}}",
            "{{#> p}}",
            "{{/p}}",
            "{{^}}",
            "this",
            "../",
            "@root.x",
            " ",
            "\\",
            "\"",
            "{{#with f}}{{g}}{{/with}}",
            "~",
        ];
        let mut state = 7_u64;
        for _ in 0..3000 {
            let text: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    PIECES[(state >> 33) as usize % PIECES.len()]
                })
                .collect();
            readings(&text);
        }
    }
}
