//! The HTML that is kept.

use html5ever::Attribute;

use super::attributes;

/// The elements that are kept. Of others, only the content is kept.
const ALLOWED: &str = "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd dfn \
    div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img kbd li main mark nav ol p pre q rb rp \
    rt rtc ruby s samp section small span strong style sub sup table tbody td tfoot th thead time tr u ul var wbr";

/// The elements that are removed with their content.
const REMOVED: [&str; 3] = ["script", "textarea", "option"];

/// The elements that are written as `<br />`, without an end.
const WITHOUT_END: [&str; 3] = ["img", "br", "hr"];

/// The kept HTML so far.
#[derive(Default)]
pub(super) struct Output {
    html: String,
    /// The open elements, and whether each is kept.
    open: Vec<(String, bool)>,
    /// How many elements are open inside one that is removed, with itself.
    removed_depth: usize,
}

impl Output {
    pub(super) fn open(&mut self, name: &str, attrs: &[Attribute]) {
        if self.removed_depth > 0 {
            self.removed_depth += 1;
            return;
        }
        let is_allowed = ALLOWED.split_whitespace().any(|allowed| allowed == name);
        self.open.push((name.to_owned(), is_allowed));
        if is_allowed {
            self.html.push('<');
            self.html.push_str(name);
            attrs.iter().for_each(|attribute| self.attribute(name, attribute));
            self.html.push_str(if WITHOUT_END.contains(&name) { " />" } else { ">" });
        } else if REMOVED.contains(&name) {
            self.removed_depth = 1;
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute) {
        let name = &*attribute.name.local;
        let Some(value) = attributes::kept(element, name, &attribute.value) else { return };
        self.html.push(' ');
        self.html.push_str(name);
        if !value.is_empty() {
            self.html.push_str("=\"");
            self.html.push_str(&escape(&value).replace('"', "&quot;"));
            self.html.push('"');
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        if self.removed_depth > 0 {
            self.removed_depth -= 1;
            if self.removed_depth > 0 {
                return;
            }
        }
        let Some((name, is_allowed)) = self.open.pop_if(|(open, _)| open == name) else { return };
        if is_allowed && !WITHOUT_END.contains(&&*name) {
            self.html.push_str("</");
            self.html.push_str(&name);
            self.html.push('>');
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.removed_depth > 0 {
            return;
        }
        match self.open.last() {
            Some((name, _)) if name == "style" => self.html.push_str(text),
            _ => self.html.push_str(&escape(text)),
        }
    }

    pub(super) fn into_html(self) -> String {
        self.html
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
