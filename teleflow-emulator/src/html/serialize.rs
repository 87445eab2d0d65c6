//! Writes a document as parse5 7 does.

use html5ever::{Attribute, ns};

use super::tree::{DOCUMENT, NodeData, NodeId, Tree};

/// Elements without an end tag.
const VOID: [&str; 18] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];

/// Elements whose text is not escaped.
const RAW_TEXT: [&str; 8] = ["style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript"];

/// A step that is not done yet. Elements may be nested too deeply for recursion.
enum Pending {
    Node { id: NodeId, is_raw: bool },
    EndTag(String),
}

/// The document as HTML.
pub(super) fn document(tree: &Tree) -> String {
    let mut html = String::new();
    let mut pending = Vec::new();
    push_children(tree, DOCUMENT, false, &mut pending);
    while let Some(next) = pending.pop() {
        match next {
            Pending::Node { id, is_raw } => write_node(tree, id, is_raw, &mut html, &mut pending),
            Pending::EndTag(tag) => html.push_str(&format!("</{tag}>")),
        }
    }
    html
}

fn push_children(tree: &Tree, parent: NodeId, is_raw: bool, pending: &mut Vec<Pending>) {
    pending.extend(tree.children(parent).iter().rev().map(|id| Pending::Node { id: *id, is_raw }));
}

fn write_node(tree: &Tree, id: NodeId, is_raw: bool, html: &mut String, pending: &mut Vec<Pending>) {
    match tree.data(id) {
        Some(NodeData::Element { name, attributes, contents }) => {
            let tag = &*name.local;
            html.push('<');
            html.push_str(tag);
            attributes.iter().for_each(|attribute| write_attribute(attribute, html));
            html.push('>');
            let is_html = name.ns == ns!(html);
            if !(is_html && VOID.contains(&tag)) {
                pending.push(Pending::EndTag(tag.to_owned()));
                push_children(tree, contents.unwrap_or(id), is_html && RAW_TEXT.contains(&tag), pending);
            }
        }
        Some(NodeData::Text(text)) if is_raw => html.push_str(text),
        Some(NodeData::Text(text)) => escape(text, &[('<', "&lt;"), ('>', "&gt;")], html),
        Some(NodeData::Comment(text)) => html.push_str(&format!("<!--{text}-->")),
        Some(NodeData::Doctype(name)) => html.push_str(&format!("<!DOCTYPE {name}>")),
        Some(NodeData::Fragment) | None => {}
    }
}

fn write_attribute(attribute: &Attribute, html: &mut String) {
    html.push(' ');
    if let Some(prefix) = &attribute.name.prefix {
        html.push_str(prefix);
        html.push(':');
    }
    html.push_str(&attribute.name.local);
    html.push_str("=\"");
    escape(&attribute.value, &[('"', "&quot;")], html);
    html.push('"');
}

/// Escapes `&`, the no-break space, and these characters.
fn escape(text: &str, more: &[(char, &str)], html: &mut String) {
    for character in text.chars() {
        let escaped = more.iter().find(|(other, _)| *other == character).map(|(_, escaped)| *escaped);
        match (character, escaped) {
            (_, Some(escaped)) => html.push_str(escaped),
            ('&', None) => html.push_str("&amp;"),
            ('\u{a0}', None) => html.push_str("&nbsp;"),
            (other, None) => html.push(other),
        }
    }
}
