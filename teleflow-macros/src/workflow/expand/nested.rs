//! The types inside a field's type → a table of types, and the checks of them.
//!
//! For a field `items: Vec<Item>`, and a workflow that reads `items[].sku` and `items[].price.amount`:
//!
//! ```text
//! type __Teleflow0 = Vec<Item>;
//! type __Teleflow1 = <__Teleflow0 as __TeleflowPayload>::Element;
//! type __TeleflowPath2 = ((), FieldStep<{ index_of(<__Teleflow1 as __TeleflowPayload>::TYPE_INFO.fields, "price") }>);
//! assert_compatible(
//!     __TELEFLOW_WORKFLOW,
//!     &[
//!         (0, "items", ..),                  // the first number is the index of the type that is checked
//!         (1, "items[]", ..),
//!         (1, "items[].price", ..),          // a field is checked with the type that has it
//!         (2, "items[].price.amount", ..),
//!         (1, "items[].sku", ..),
//!     ],
//!     &[
//!         <__Teleflow0 as __TeleflowPayload>::TYPE_INFO,
//!         <__Teleflow1 as __TeleflowPayload>::TYPE_INFO,
//!         <__Teleflow1 as TypeAt<__TeleflowPath2>>::TYPE_INFO,
//!     ],
//! );
//! ```
//!
//! The code is built as text: the compiler parses it much faster than an unoptimized macro builds tokens.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use teleflow_catalog::rules::{Rule, TypeCheck};

use crate::syntactic_type::SyntacticType;
use crate::tokens::generated::parse_generated;
use crate::tokens::span::{map_group, replace_self, resolve_at_call_site, respan, respan_token};
use crate::workflow::model::CheckedWorkflow;
use crate::workflow::requirement::{Node, Position};

/// The trait `TeleflowPayload`, as generated code names it.
const PAYLOAD: &str = "__TeleflowPayload";

/// A type in generated code: an alias of a type that the author wrote, or a path from such a type to one inside it, which
/// may be private and so cannot be named.
#[derive(Clone)]
pub(super) struct TypePath {
    pub alias: String,
    /// A type that consists of steps: `(((), ElementStep), FieldStep<2>)`.
    pub path: Option<String>,
}

impl TypePath {
    pub(super) fn alias(alias: impl Into<String>) -> Self {
        Self { alias: alias.into(), path: None }
    }

    /// The constant with all that the type declares.
    pub(super) fn type_info(&self) -> String {
        let alias = &self.alias;
        match &self.path {
            None => format!("<{alias} as {PAYLOAD}>::TYPE_INFO"),
            Some(path) => format!("<{alias} as __teleflow::TypeAt<{path}>>::TYPE_INFO"),
        }
    }

    /// The path to the elements of the type.
    fn path_to_elements(&self) -> String {
        self.path_with("ElementStep")
    }

    /// The path to a field of the type.
    pub(super) fn path_to_field(&self, name: &str) -> String {
        let (type_info, name) = (self.type_info(), string_literal(name));
        self.path_with(&format!("FieldStep<{{ __teleflow::index_of({type_info}.fields, {name}) }}>"))
    }

    fn path_with(&self, step: &str) -> String {
        format!("({}, __teleflow::{step})", self.path.as_deref().unwrap_or("()"))
    }
}

/// A table of types and the checks of them, as text.
#[derive(Default)]
pub(super) struct TypeTable {
    aliases: String,
    /// The `TYPE_INFO` of each type.
    types: Vec<String>,
    checks: String,
}

impl TypeTable {
    /// Adds the type of a variable, and the checks of it and of everything inside it. `syntactic`: the type as the author
    /// wrote it.
    pub(super) fn add_root(&mut self, root: &Node<'_>, ty: &TypePath, syntactic: &SyntacticType) {
        let index = self.add_type(ty);
        self.add_check(index, Rule::Value(root.requirement()));
        self.add_contents(root, index, ty, Some(syntactic));
    }

    /// Adds everything inside a variable that was checked before.
    pub(super) fn add_inside(&mut self, root: &Node<'_>, ty: &TypePath) {
        let index = self.add_type(ty);
        self.add_contents(root, index, ty, None);
    }

    /// Adds the checks of what is inside a node: its lists, its elements or fields. `index`: that of its type.
    fn add_contents(&mut self, node: &Node<'_>, index: usize, ty: &TypePath, syntactic: Option<&SyntacticType>) {
        if let Some(names) = node.allowed_fields() {
            self.add_check(index, Rule::AllowedFields { path: &node.path, names: &names });
        }
        let values = node.allowed_values();
        if !values.is_empty() {
            self.add_check(index, Rule::AllowedValues { path: &node.path, values: &values });
        }
        for child in node.children() {
            match child.position {
                Position::Field => self.add_field(&child, index, ty),
                Position::Element | Position::Root => self.add_element(&child, ty, syntactic),
            }
        }
    }

    fn add_element(&mut self, element: &Node<'_>, array: &TypePath, syntactic: Option<&SyntacticType>) {
        let syntactic = syntactic.and_then(SyntacticType::element);
        let ty = match syntactic {
            // The author wrote this type too, so an alias can name it.
            Some(_) => self.add_alias(&format!("<{} as {PAYLOAD}>::Element", array.alias)),
            None => self.add_path(array, &array.path_to_elements()),
        };
        let index = self.add_type(&ty);
        self.add_check(index, Rule::Value(element.requirement()));
        self.add_contents(element, index, &ty, syntactic);
    }

    /// `index`: that of the type that has the field.
    fn add_field(&mut self, field: &Node<'_>, index: usize, object: &TypePath) {
        self.add_check(index, Rule::Field(field.requirement()));
        // The object's type declares the shape of its fields; only what is inside them requires their types.
        if field.has_lists() || !field.children().is_empty() {
            let ty = self.add_path(object, &object.path_to_field(field.name));
            let index = self.add_type(&ty);
            self.add_contents(field, index, &ty, None);
        }
    }

    /// Adds a type, and returns its index.
    pub(super) fn add_type(&mut self, ty: &TypePath) -> usize {
        self.types.push(ty.type_info());
        self.types.len() - 1
    }

    pub(super) fn add_check(&mut self, type_index: usize, rule: Rule<'_>) {
        self.checks.push_str(&row(&TypeCheck { type_index, rule }));
        self.checks.push(',');
    }

    fn add_alias(&mut self, ty: &str) -> TypePath {
        let alias = format!("__Teleflow{}", self.types.len());
        self.declare(&alias, ty);
        TypePath::alias(alias)
    }

    fn add_path(&mut self, from: &TypePath, path: &str) -> TypePath {
        let alias = format!("__TeleflowPath{}", self.types.len());
        self.declare(&alias, path);
        TypePath { alias: from.alias.clone(), path: Some(alias) }
    }

    fn declare(&mut self, alias: &str, ty: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.aliases, "type {alias} = {ty};");
    }

    /// The declarations, and the call that makes the checks.
    pub(super) fn expand(&self, span: (Span, Span)) -> TokenStream {
        let mut tokens = respan(parse_generated(&self.aliases), span.0);
        let checks = format!("&[{}]", self.checks);
        tokens.extend(assertion("assert_compatible", &checks, &self.types.join(","), span));
        tokens
    }
}

/// A check as generated code encodes it.
pub(super) fn row(check: &TypeCheck<'_>) -> String {
    let (type_index, path, name, code, steps, list) = check.to_row();
    let [path, name, steps] = [path, name, steps].map(string_literal);
    let list: Vec<String> = list.iter().map(|entry| string_literal(entry)).collect();
    format!("({type_index}, {path}, {name}, {code}, {steps}, &[{}])", list.join(", "))
}

/// The string as a Rust literal.
pub(super) fn string_literal(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}

/// A call that stops the build with an error, which underlines everything from the call's first token to its last. These
/// have the author's spans, so that the compiler does not mention the macro.
pub(super) fn assertion(name: &str, arguments: &str, types: &str, (first, last): (Span, Span)) -> TokenStream {
    let mut arguments = parse_generated(&format!("__TELEFLOW_WORKFLOW, {arguments},"));
    // With one span for all types, the compiler reports only once that a type is not a `TeleflowPayload`.
    arguments.extend(respan(parse_generated(&format!("&[{types}]")), first));
    let arguments = Group::new(Delimiter::Parenthesis, arguments);
    let mut call = respan(parse_generated(&format!("__teleflow::{name}")), first);
    call.extend([respan_token(arguments.into(), last)]);
    call.extend(quote!(;));
    call
}

/// The type as a constant can name it: without `Self`, and with `'static` for each lifetime of the struct.
pub(super) fn nameable_in_constant(ty: impl ToTokens, workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let (_, generics, _) = workflow.generics.split_for_impl();
    let ty = replace_self(ty.to_token_stream(), workflow.ident, &generics.to_token_stream());
    let lifetimes: Vec<&Ident> = workflow.generics.lifetimes().map(|parameter| &parameter.lifetime.ident).collect();
    resolve_at_call_site(with_static_lifetimes(ty, &lifetimes))
}

fn with_static_lifetimes(ty: TokenStream, lifetimes: &[&Ident]) -> TokenStream {
    let mut is_lifetime = false;
    let changed = |token: TokenTree| {
        let token = match token {
            TokenTree::Ident(name) if is_lifetime && (name == "_" || lifetimes.contains(&&name)) => {
                Ident::new("static", name.span()).into()
            }
            token => map_group(token, |stream| with_static_lifetimes(stream, lifetimes)),
        };
        is_lifetime = matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\'');
        token
    };
    ty.into_iter().map(changed).collect()
}
