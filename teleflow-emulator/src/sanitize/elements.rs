//! Which elements are open, as htmlparser2 sees them: it closes some elements when others begin.

use html5ever::tokenizer::Tag;

use super::output::Output;

const FORM: &str = "input option optgroup select button datalist textarea";

/// The elements that end when an element begins, if they are open last.
fn implied_ends(name: &str) -> &'static str {
    match name {
        "tr" => "tr th td",
        "th" => "th",
        "td" => "thead th td",
        "body" => "head link script",
        "li" => "li",
        "select" | "input" | "output" | "button" | "datalist" | "textarea" => FORM,
        "option" => "option",
        "optgroup" => "optgroup option",
        "dd" | "dt" => "dd dt",
        "rt" | "rp" => "rt rp",
        "tbody" | "tfoot" => "thead tbody",
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "address" | "article" | "aside" | "blockquote" | "details"
        | "div" | "dl" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "header" | "hr" | "main"
        | "nav" | "ol" | "pre" | "section" | "table" | "ul" => "p",
        _ => "",
    }
}

const VOID: &str = "area base basefont br col command embed frame hr img input isindex keygen link meta param source \
    track wbr";
const FOREIGN: &str = "math svg";
const INTEGRATION: &str = "mi mo mn ms mtext annotation-xml foreignobject desc title";

/// Whether a list, separated by spaces, has a name.
pub(super) fn has(list: &str, name: &str) -> bool {
    list.split_whitespace().any(|known| known == name)
}

/// The open elements.
#[derive(Default)]
pub(super) struct Elements {
    open: Vec<String>,
    /// Whether the innermost elements are in SVG or MathML.
    foreign: Vec<bool>,
    output: Output,
}

impl Elements {
    pub(super) fn open(&mut self, tag: &Tag) {
        let name = &*tag.name;
        self.end_implied(name);
        if has(VOID, name) {
            self.output.open(name, &tag.attrs);
            self.output.close(name);
            return;
        }
        self.open.push(name.to_owned());
        if has(FOREIGN, name) {
            self.foreign.push(true);
        } else if has(INTEGRATION, name) {
            self.foreign.push(false);
        }
        self.output.open(name, &tag.attrs);
        if tag.self_closing && self.foreign.last() == Some(&true) {
            self.open.pop();
            self.output.close(name);
        }
    }

    fn end_implied(&mut self, name: &str) {
        let ended = implied_ends(name);
        while let Some(last) = self.open.pop_if(|last| has(ended, last)) {
            self.output.close(&last);
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        if has(FOREIGN, name) || has(INTEGRATION, name) {
            self.foreign.pop();
        }
        if name == "br" {
            self.output.open("br", &[]);
            self.output.close("br");
        } else if let Some(position) = self.open.iter().rposition(|open| open == name) {
            self.open.drain(position..).rev().for_each(|open| self.output.close(&open));
        } else if name == "p" {
            self.end_implied("p");
            self.output.open("p", &[]);
            self.output.close("p");
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.output.text(text);
    }

    /// Closes all elements, and returns the HTML that is kept.
    pub(super) fn finish(mut self) -> String {
        self.open.drain(..).rev().for_each(|open| self.output.close(&open));
        self.output.into_html()
    }
}
