//! Walks through types → constants, whose evaluation is the check.
//!
//! They are most of what the derive writes, so they are written as text: the compiler reads that much faster than
//! a macro puts tokens together.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

use crate::model::{Checked, Root, Walk, Workflow};
use crate::place::{everywhere, here, placed};
use crate::wanted::{From, Node};

const PAYLOAD: &str = "__teleflow::TeleflowPayload";

/// A constant for each walk, so that each says its own complaint.
pub(crate) fn expand(workflow: &Workflow<'_>, checked: &Checked, runtime: &TokenStream) -> Option<TokenStream> {
    let walks: Vec<TokenStream> = checked.walks.iter().map(|walk| constant(walk, workflow)).collect();
    let (trigger, file) = (&checked.filed.workflow.trigger, &checked.filed.shown);
    (!walks.is_empty()).then(|| {
        quote! {
            const _: () = {
                use #runtime as __teleflow;
                const __TELEFLOW_PLACE: &__teleflow::Place<'static> =
                    &__teleflow::Place { workflow: #trigger, file: #file };
                #(#walks)*
            };
        }
    })
}

fn constant(walk: &Walk, workflow: &Workflow<'_>) -> TokenStream {
    let body = match &walk.root {
        Root::Field(ty) => {
            let ty = erased(ty.to_token_stream(), workflow);
            let mut body = quote!(type __Teleflow0 = #ty;);
            body.extend(steps(walk));
            body
        }
        Root::Inside(types) => inside(walk, types, workflow),
    };
    quote!(const _: () = { #body };)
}

/// A variable that may be in any of these types: in one of them it must be, and where it is, it must fit.
fn inside(walk: &Walk, types: &[Type], workflow: &Workflow<'_>) -> TokenStream {
    let Some(first) = walk.nodes.first() else {
        return TokenStream::new();
    };
    let mut body = TokenStream::new();
    let (mut shapes, mut walks) = (String::new(), TokenStream::new());
    for (index, ty) in types.iter().enumerate() {
        let ty = erased(ty.to_token_stream(), workflow);
        let alias = quote::format_ident!("__TeleflowIn{index}", span = walk.span.0);
        body.extend(quote!(type #alias = #ty;));
        let alias = alias.to_string();
        shapes += &format!("<{alias} as {PAYLOAD}>::SHAPE,");
        let field = code(&format!("type __Teleflow0 = {};", field_type(&alias, first.name())), walk);
        let is_there =
            code(&format!("__teleflow::knows(<{alias} as {PAYLOAD}>::SHAPE.names, {:?})", first.name()), walk);
        let steps = steps(walk);
        walks.extend(quote!(if #is_there { #field #steps }));
    }
    let holder = workflow.ident.to_string();
    body.extend(question("among", &format!("__TELEFLOW_PLACE, {}, {holder:?}, &[{shapes}]", node(first)), walk));
    body.extend(walks);
    body
}

/// The types of all places below the first, and the question whether they fit.
fn steps(walk: &Walk) -> TokenStream {
    let (mut aliases, mut nodes, mut shapes) = (String::new(), String::new(), String::new());
    for (index, wanted) in walk.nodes.iter().enumerate() {
        let ty = match wanted.from {
            From::Payload => None,
            From::List(list) => Some(format!("<__Teleflow{list} as {PAYLOAD}>::Element")),
            From::Object(object) => Some(field_type(&format!("__Teleflow{object}"), wanted.name())),
        };
        if let Some(ty) = ty {
            // Writing to a string does not fail.
            let _ = write!(aliases, "type __Teleflow{index} = {ty};");
        }
        let _ = write!(nodes, "{},", node(wanted));
        let _ = write!(shapes, "<__Teleflow{index} as {PAYLOAD}>::SHAPE,");
    }
    let mut steps = code(&aliases, walk);
    steps.extend(question("hold", &format!("__TELEFLOW_PLACE, &[{nodes}], &[{shapes}]"), walk));
    steps
}

fn node(node: &Node) -> String {
    let want = node.want();
    let (path, name, kind, steps) = (want.path, want.name, want.kind, want.steps);
    let (required, exact) = (want.required, want.exact);
    let want = format!("{path:?}, {name:?}, __teleflow::Kind::{kind:?}, {required}, {exact}, {steps:?}");
    match node.from {
        From::Object(object) => format!("__teleflow::Node::field({object}, {want})"),
        From::Payload | From::List(_) => format!("__teleflow::Node::new({want})"),
    }
}

fn field_type(object: &str, name: &str) -> String {
    let index = format!("__teleflow::index_of(<{object} as {PAYLOAD}>::SHAPE.names, {name:?})");
    format!("<<{object} as {PAYLOAD}>::Object as __teleflow::FieldAt<{{ {index} }}>>::Type")
}

/// A call that stops the build with a complaint, which then stands where the author can mend it: under all from the
/// call's first token to its last. These are the author's own places, so that the compiler does not speak of macros.
fn question(name: &str, arguments: &str, walk: &Walk) -> TokenStream {
    let (_, end) = walk.span;
    let arguments = Group::new(Delimiter::Parenthesis, code(arguments, walk));
    let mut question = code(&format!("__teleflow::{name}"), walk);
    question.extend([placed(arguments.into(), end)]);
    question.extend(quote!(;));
    question
}

/// The text as tokens, all at the walk's place: so the compiler complains once of a type that says nothing.
fn code(text: &str, walk: &Walk) -> TokenStream {
    let tokens = text.parse().unwrap_or_else(|error| {
        let message = format!("the derive has written what cannot be read: {error}");
        quote!(::core::compile_error!(#message);)
    });
    everywhere(tokens, walk.span.0)
}

/// A type as a constant can name it: with `'static` for every lifetime, and without `Self`.
fn erased(ty: TokenStream, workflow: &Workflow<'_>) -> TokenStream {
    here(nameable(ty, workflow))
}

fn nameable(ty: TokenStream, workflow: &Workflow<'_>) -> TokenStream {
    let mut erased = TokenStream::new();
    let mut is_lifetime = false;
    for token in ty {
        let token = match token {
            TokenTree::Ident(name) if is_lifetime => Ident::new("static", name.span()).into(),
            TokenTree::Ident(name) if name == "Self" => {
                let ident = workflow.ident;
                let (_, ty_generics, _) = workflow.generics.split_for_impl();
                erased.extend(nameable(quote!(#ident #ty_generics), workflow));
                continue;
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), nameable(group.stream(), workflow));
                inner.set_span(group.span());
                inner.into()
            }
            token => token,
        };
        is_lifetime = matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\'');
        erased.extend([token]);
    }
    erased
}
