//! HTML as the server's parser and serializer handle it, and the text that a reader sees.

// A module imports only from those below it.
mod text;
mod serialize;
mod sink;
mod tree;

use html5ever::tendril::TendrilSink;

use sink::Sink;
use tree::Tree;

/// Parses a text as a document and writes it as HTML: always with `html`, `head` and `body`.
///
/// The server does this three times, once in each package that moves styles into attributes. Some markup changes each
/// time, such as the empty lines at the start of a `pre`.
// Source: `inline-css` 4.0.2 with `list-stylesheets` and `style-data`.
pub(crate) fn whole_document(html: &str) -> String {
    let rewritten = |html: &str| serialize::document(&parse(html));
    let once = rewritten(html);
    let twice = rewritten(&once);
    if once == twice { once } else { rewritten(&twice) }
}

/// The text that a reader sees: without hidden elements, with a line for each block.
pub(crate) fn visible_text(html: &str) -> String {
    text::visible(&parse(html))
}

fn parse(html: &str) -> Tree {
    html5ever::parse_document(Sink::default(), html5ever::ParseOpts::default()).one(html)
}
