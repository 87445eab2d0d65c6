//! A parsed document.

use html5ever::{Attribute, QualName};

/// The position of a node in its tree.
pub(super) type NodeId = usize;

/// The document node is the first one.
pub(super) const DOCUMENT: NodeId = 0;

/// The nodes of a document.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    data: NodeData,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
}

/// The kind and the data of a node.
#[derive(Debug)]
pub(super) enum NodeData {
    /// A document, or the contents of a `template`.
    Fragment,
    Doctype(String),
    Text(String),
    Comment(String),
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
        /// The contents of a `template`.
        contents: Option<NodeId>,
    },
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node { data: NodeData::Fragment, parent: None, children: Vec::new() }] }
    }
}

impl Tree {
    pub(super) fn add(&mut self, data: NodeData) -> NodeId {
        self.nodes.push(Node { data, parent: None, children: Vec::new() });
        self.nodes.len() - 1
    }

    pub(super) fn data(&self, id: NodeId) -> Option<&NodeData> {
        self.nodes.get(id).map(|node| &node.data)
    }

    pub(super) fn data_mut(&mut self, id: NodeId) -> Option<&mut NodeData> {
        self.nodes.get_mut(id).map(|node| &mut node.data)
    }

    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes.get(id)?.parent
    }

    pub(super) fn children(&self, id: NodeId) -> &[NodeId] {
        self.nodes.get(id).map(|node| node.children.as_slice()).unwrap_or_default()
    }

    /// The position of a node among the children of its parent.
    pub(super) fn position(&self, parent: NodeId, child: NodeId) -> Option<usize> {
        self.children(parent).iter().position(|other| *other == child)
    }

    /// Removes a node from its parent.
    pub(super) fn detach(&mut self, id: NodeId) {
        let Some(parent) = self.parent(id) else { return };
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.retain(|child| *child != id);
        }
        if let Some(node) = self.nodes.get_mut(id) {
            node.parent = None;
        }
    }

    /// Inserts a node before the child at this position, or as the last one.
    pub(super) fn insert(&mut self, parent: NodeId, position: usize, child: NodeId) {
        self.detach(child);
        if let Some(node) = self.nodes.get_mut(parent) {
            let position = position.min(node.children.len());
            node.children.insert(position, child);
        }
        if let Some(node) = self.nodes.get_mut(child) {
            node.parent = Some(parent);
        }
    }

    /// Inserts a text, or adds it to the text before this position.
    pub(super) fn insert_text(&mut self, parent: NodeId, position: usize, text: &str) {
        let before = position.checked_sub(1).and_then(|before| self.children(parent).get(before).copied());
        if let Some(NodeData::Text(existing)) = before.and_then(|before| self.data_mut(before)) {
            existing.push_str(text);
            return;
        }
        let node = self.add(NodeData::Text(text.to_owned()));
        self.insert(parent, position, node);
    }
}
