//! Walks through types → constants, whose evaluation is the check.
//!
//! They are most of what the derive writes, so they are written as text: the compiler reads that much faster than
//! a macro puts tokens together.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;
use teleflow_catalog::rules::{self, Question};

use crate::syntactic_type::SyntacticType;
use crate::tokens::generated::probed;
use crate::tokens::span::{everywhere, here, inside, placed, without_self, written};
use crate::workflow::model::{Checked, Root, Walk, Workflow};
use crate::workflow::requirement::{From, Node};

const PAYLOAD: &str = "__TeleflowPayload";

/// A constant for each walk, so that each says its own complaint.
pub(crate) fn expand(workflow: &Workflow<'_>, checked: &Checked) -> Option<TokenStream> {
    let walks: Vec<TokenStream> = checked.walks.iter().map(|walk| constant(walk, workflow)).collect();
    let (trigger, file) = (&checked.filed.workflow.trigger, &checked.filed.shown);
    (!walks.is_empty()).then(|| {
        quote! {
            use __teleflow::TeleflowPayload as __TeleflowPayload;
            const __TELEFLOW_WORKFLOW: &__teleflow::WorkflowRef<'static> =
                &__teleflow::WorkflowRef { trigger: #trigger, file: #file };
            #(#walks)*
        }
    })
}

fn constant(walk: &Walk, workflow: &Workflow<'_>) -> TokenStream {
    let body = match &walk.root {
        Root::Field(ty) => {
            let ty = erased(ty.to_token_stream(), workflow);
            let mut body = quote!(type __Teleflow0 = #ty;);
            body.extend(steps(walk, At { alias: "__Teleflow0".to_owned(), way: None }, false));
            body
        }
        Root::Kind { ty, shape } => {
            let ty = probed(&erased(ty.to_token_stream(), workflow));
            let mut body = quote!(const __TELEFLOW_OPTIONAL: ::core::primitive::bool = #ty;);
            let nodes: Vec<String> = walk.nodes.iter().map(|first| node(first, false, 0)).collect();
            let ty = format!("__teleflow::type_of_shape(__teleflow::Shape::{}, __TELEFLOW_OPTIONAL)", shape.as_str());
            body.extend(question("assert_compatible", &format!("&[{}]", nodes.join(",")), &ty, walk));
            body
        }
        Root::Inside { types, holder, always } => flattened(walk, types, holder, always, workflow),
        Root::Closed { types, names } => closed(walk, types, names, workflow),
    };
    quote!(const _: () = { #body };)
}

/// Types that have no other names than these.
fn closed(walk: &Walk, types: &[Type], names: &[String], workflow: &Workflow<'_>) -> TokenStream {
    let mut body = TokenStream::new();
    let (mut nodes, mut shapes) = (String::new(), String::new());
    let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
    for (index, ty) in types.iter().enumerate() {
        let ty = erased(ty.to_token_stream(), workflow);
        let alias = format_ident!("__TeleflowIn{index}", span = walk.span.0);
        body.extend(quote!(type #alias = #ty;));
        let _ = write!(nodes, "{},", row(rules::Node::closed(index, "", &borrowed)));
        let _ = write!(shapes, "<{alias} as {PAYLOAD}>::TYPE_INFO,");
    }
    body.extend(question("assert_compatible", &format!("&[{nodes}]"), &shapes, walk));
    body
}

/// A variable that may be in any of these types: in one of them it must be, and where it is, it must fit.
fn flattened(walk: &Walk, types: &[Type], holder: &str, always: &str, workflow: &Workflow<'_>) -> TokenStream {
    let Some(first) = walk.nodes.first() else {
        return TokenStream::new();
    };
    let mut body = TokenStream::new();
    let (mut shapes, mut walks) = (String::new(), TokenStream::new());
    for (index, ty) in types.iter().enumerate() {
        let ty = erased(ty.to_token_stream(), workflow);
        let alias = format_ident!("__TeleflowIn{index}", span = walk.span.0);
        body.extend(quote!(type #alias = #ty;));
        let _ = write!(shapes, "<{alias} as {PAYLOAD}>::TYPE_INFO,");
        // What is inside the variable, where this type has it.
        if walk.nodes.len() > 1 || first.asks_more() {
            let at = At { alias: alias.to_string(), way: None };
            let is_there = code(&format!("__teleflow::knows({}.fields, {:?})", at.shape(), first.name()), walk);
            let way = code(&format!("type __TeleflowWay = {};", at.field(first.name())), walk);
            let steps = steps(walk, At { way: Some("__TeleflowWay".to_owned()), ..at }, true);
            walks.extend(quote!(if #is_there { #way #steps }));
        }
    }
    let wanted = format!("{}, {holder:?}, {always:?}", node(first, false, 0));
    body.extend(question("assert_flattened_compatible", &wanted, &shapes, walk));
    body.extend(walks);
    body
}

/// A type on a walk, as the code names it: by an alias, where the author has written it; or, since it may be private
/// where the author is, by an alias of a type and the way from that, which is a type too.
#[derive(Clone)]
struct At {
    alias: String,
    way: Option<String>,
}

impl At {
    fn shape(&self) -> String {
        let alias = &self.alias;
        match &self.way {
            None => format!("<{alias} as {PAYLOAD}>::TYPE_INFO"),
            Some(way) => format!("<{alias} as __teleflow::TypeAt<{way}>>::TYPE_INFO"),
        }
    }

    /// The type one step further.
    fn further(&self, step: &str) -> String {
        format!("({}, __teleflow::{step})", self.way.as_deref().unwrap_or("()"))
    }

    fn field(&self, name: &str) -> String {
        self.further(&format!("FieldStep<{{ __teleflow::index_of({}.fields, {name:?}) }}>", self.shape()))
    }
}

/// The types inside the first, and the question whether all of them fit.
///
/// A type says of its fields what they are; only that of one with more inside it is looked at. `is_found`: the first has
/// been looked at already.
fn steps(walk: &Walk, root: At, is_found: bool) -> TokenStream {
    let (mut aliases, mut nodes, mut shapes) = (String::new(), String::new(), String::new());
    let mut spelled = match &walk.root {
        Root::Field(ty) if !is_found => Some(SyntacticType::of(ty)),
        _ => None,
    };
    // The types, and for each node the number of its type.
    let mut types: Vec<At> = Vec::new();
    let mut numbers: Vec<usize> = Vec::new();
    for (index, wanted) in walk.nodes.iter().enumerate() {
        let holder = match wanted.from {
            From::Payload => 0,
            From::List(node) | From::Object(node) => numbers.get(node).copied().unwrap_or_default(),
        };
        let from = types.get(holder).unwrap_or(&root).clone();
        let number = types.len();
        numbers.push(number);
        let is_field = matches!(wanted.from, From::Object(_));
        let asked = if is_field { holder } else { number };
        // Writing to a string does not fail.
        if index > 0 || !is_found {
            let _ = write!(nodes, "{},", node(wanted, is_field, asked));
        }
        let has_more = wanted.asks_more() || walk.nodes.iter().any(|other| other.is_inside(index));
        let ty = match wanted.from {
            From::Payload => from,
            // The author has written the elements of the list, too.
            From::List(_) if spelled.as_ref().is_some_and(|ty| ty.element().is_some()) => {
                spelled = spelled.and_then(SyntacticType::into_element);
                let alias = format!("__Teleflow{number}");
                let _ = write!(aliases, "type {alias} = <{} as {PAYLOAD}>::Element;", from.alias);
                At { alias, way: None }
            }
            From::Object(_) if !has_more => continue,
            From::List(_) | From::Object(_) => {
                spelled = None;
                let way = match wanted.from {
                    From::List(_) => from.further("ElementStep"),
                    _ => from.field(wanted.name()),
                };
                let name = format!("__TeleflowWay{number}");
                let _ = write!(aliases, "type {name} = {way};");
                At { way: Some(name), ..from }
            }
        };
        let _ = write!(shapes, "{},", ty.shape());
        types.push(ty);
        let path = wanted.requirement().path;
        if let Some(names) = &wanted.closed {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let _ = write!(nodes, "{},", row(rules::Node::closed(number, path, &names)));
        }
        if !wanted.allowed.is_empty() {
            let values: Vec<&str> = wanted.allowed.iter().map(String::as_str).collect();
            let _ = write!(nodes, "{},", row(rules::Node::allowed(number, path, &values)));
        }
    }
    let mut steps = code(&aliases, walk);
    steps.extend(question("assert_compatible", &format!("&[{nodes}]"), &shapes, walk));
    steps
}

fn node(wanted: &Node, is_field: bool, number: usize) -> String {
    let requirement = wanted.requirement();
    let question = if is_field { Question::Field } else { Question::Value };
    row(rules::Node { requirement, type_index: number, question })
}

fn row(node: rules::Node<'_>) -> String {
    let (type_index, path, name, code, steps, names) = node.to_row();
    format!("({type_index}, {path:?}, {name:?}, {code}, {steps:?}, &{names:?})")
}

/// A call that stops the build with a complaint, which then stands where the author can mend it: under all from the
/// call's first token to its last. These are the author's own places, so that the compiler does not speak of macros.
fn question(name: &str, wanted: &str, shapes: &str, walk: &Walk) -> TokenStream {
    let (_, end) = walk.span;
    let mut arguments = written(&format!("__TELEFLOW_WORKFLOW, {wanted},"));
    arguments.extend(code(&format!("&[{shapes}]"), walk));
    let arguments = Group::new(Delimiter::Parenthesis, arguments);
    let mut question = code(&format!("__teleflow::{name}"), walk);
    question.extend([placed(arguments.into(), end)]);
    question.extend(quote!(;));
    question
}

/// The text as tokens, all at the walk's place: so the compiler complains once of a type that says nothing.
fn code(text: &str, walk: &Walk) -> TokenStream {
    everywhere(written(text), walk.span.0)
}

/// A type as a constant can name it: with `'static` for each lifetime of the struct, and without `Self`.
pub(crate) fn erased(ty: TokenStream, workflow: &Workflow<'_>) -> TokenStream {
    let (_, generics, _) = workflow.generics.split_for_impl();
    let ty = without_self(ty, workflow.ident, &generics.to_token_stream());
    let lifetimes: Vec<&Ident> = workflow.generics.lifetimes().map(|parameter| &parameter.lifetime.ident).collect();
    here(forever(ty, &lifetimes))
}

fn forever(ty: TokenStream, lifetimes: &[&Ident]) -> TokenStream {
    let mut is_lifetime = false;
    let changed = |token: TokenTree| {
        let token = match token {
            TokenTree::Ident(name) if is_lifetime && (name == "_" || lifetimes.contains(&&name)) => {
                Ident::new("static", name.span()).into()
            }
            token => inside(token, |stream| forever(stream, lifetimes)),
        };
        is_lifetime = matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\'');
        token
    };
    ty.into_iter().map(changed).collect()
}
