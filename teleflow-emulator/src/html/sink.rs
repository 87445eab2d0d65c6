//! Builds a tree from the steps of the parser.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName};

use super::tree::{DOCUMENT, NodeData, NodeId, Tree};

/// The tree that the parser is building.
#[derive(Debug, Default)]
pub(super) struct Sink(RefCell<Tree>);

/// The name of an element.
#[derive(Debug)]
pub(super) struct ElementName(QualName);

impl ElemName for ElementName {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Sink {
    fn insert(&self, parent: NodeId, position: usize, child: NodeOrText<NodeId>) {
        let mut tree = self.0.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.insert(parent, position, node),
            NodeOrText::AppendText(text) => tree.insert_text(parent, position, &text),
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = ElementName;

    fn finish(self) -> Tree {
        self.0.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> ElementName {
        match self.0.borrow().data(*target) {
            Some(NodeData::Element { name, .. }) => ElementName(name.clone()),
            // The parser asks for the names of elements only.
            _ => ElementName(QualName::new(None, Namespace::default(), LocalName::default())),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let mut tree = self.0.borrow_mut();
        let contents = flags.template.then(|| tree.add(NodeData::Fragment));
        tree.add(NodeData::Element { name, attributes, contents })
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.0.borrow_mut().add(NodeData::Comment(text.to_string()))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.0.borrow_mut().add(NodeData::Comment(format!("?{target} {data}")))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let end = self.0.borrow().children(*parent).len();
        self.insert(*parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.0.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        let mut tree = self.0.borrow_mut();
        let doctype = tree.add(NodeData::Doctype(name.to_string()));
        tree.insert(DOCUMENT, usize::MAX, doctype);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        match self.0.borrow().data(*target) {
            Some(NodeData::Element { contents: Some(contents), .. }) => *contents,
            _ => *target,
        }
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.0.borrow_mut().detach(*node);
        }
        let parent = self.0.borrow().parent(*sibling);
        let Some(parent) = parent else { return };
        let position = self.0.borrow().position(parent, *sibling);
        self.insert(parent, position.unwrap_or(usize::MAX), child);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, more: Vec<Attribute>) {
        if let Some(NodeData::Element { attributes, .. }) = self.0.borrow_mut().data_mut(*target) {
            for attribute in more {
                if attributes.iter().all(|existing| existing.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.0.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut tree = self.0.borrow_mut();
        for child in tree.children(*node).to_vec() {
            tree.insert(*new_parent, usize::MAX, child);
        }
    }
}
