//! The text that a reader of a document sees.

use html5ever::Attribute;

use super::tree::{DOCUMENT, NodeData, NodeId, Tree};

/// Elements whose text is not shown.
const HIDDEN: [&str; 6] = ["head", "noscript", "script", "style", "template", "title"];

/// Elements that are shown within a line. All others begin and end a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
];

/// A step that is not done yet. Elements may be nested too deeply for recursion.
enum Pending {
    Node(NodeId),
    Separator(&'static str),
}

/// The visible text, with one line for each block. Space is collapsed as a browser does.
pub(super) fn visible(tree: &Tree) -> String {
    let mut text = String::new();
    let mut pending = vec![Pending::Node(DOCUMENT)];
    while let Some(next) = pending.pop() {
        match next {
            Pending::Node(id) => read(tree, id, &mut text, &mut pending),
            Pending::Separator(separator) => text.push_str(separator),
        }
    }
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.lines().map(words).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn read(tree: &Tree, id: NodeId, text: &mut String, pending: &mut Vec<Pending>) {
    let separator = match tree.data(id) {
        // A line of the source is not a line of the text, and U+200C only fills the rest of a preview.
        Some(NodeData::Text(part)) => return text.push_str(&part.replace(['\n', '\r'], " ").replace('\u{200c}', "")),
        Some(NodeData::Fragment) => "",
        Some(NodeData::Element { name, attributes, .. }) => {
            let tag = &*name.local;
            if HIDDEN.contains(&tag) || is_hidden(attributes) {
                return;
            }
            match tag {
                "td" | "th" => " ",
                _ if INLINE.contains(&tag) => "",
                _ => "\n",
            }
        }
        _ => return,
    };
    text.push_str(separator);
    pending.push(Pending::Separator(separator));
    pending.extend(tree.children(id).iter().rev().map(|child| Pending::Node(*child)));
}

/// Whether an element has the attribute `hidden` or the style `display: none`.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        "style" => {
            let declarations = attribute.value.to_ascii_lowercase();
            declarations.split(';').any(|declaration| {
                let parts = declaration.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
                parts.is_some_and(|(name, value)| name == "display" && value.starts_with("none"))
            })
        }
        _ => false,
    })
}
