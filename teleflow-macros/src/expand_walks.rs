//! Walks through types → constants, whose evaluation is the check.
//!
//! They are most of what the derive writes, so they are written as text: the compiler reads that much faster than
//! a macro puts tokens together.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::Type;

use crate::model::{Checked, Root, Walk, Workflow};
use crate::place::{everywhere, here, inside, placed, without_self, written};
use crate::wanted::{From, Node};

const PAYLOAD: &str = "__TeleflowPayload";

/// A constant for each walk, so that each says its own complaint.
pub(crate) fn expand(workflow: &Workflow<'_>, checked: &Checked, runtime: &TokenStream) -> Option<TokenStream> {
    let walks: Vec<TokenStream> = checked.walks.iter().map(|walk| constant(walk, workflow)).collect();
    let (trigger, file) = (&checked.filed.workflow.trigger, &checked.filed.shown);
    (!walks.is_empty()).then(|| {
        quote! {
            // Where hundreds of variables take long, the compiler would call that an error.
            #[allow(long_running_const_eval)]
            const _: () = {
                use #runtime::{self as __teleflow, TeleflowPayload as __TeleflowPayload};
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
        Root::Inside { types, holder } => flattened(walk, types, holder, workflow),
    };
    quote!(const _: () = { #body };)
}

/// A variable that may be in any of these types: in one of them it must be, and where it is, it must fit.
fn flattened(walk: &Walk, types: &[Type], holder: &str, workflow: &Workflow<'_>) -> TokenStream {
    let Some(first) = walk.nodes.first() else {
        return TokenStream::new();
    };
    let mut body = TokenStream::new();
    let (mut shapes, mut walks) = (String::new(), TokenStream::new());
    for (index, ty) in types.iter().enumerate() {
        let ty = erased(ty.to_token_stream(), workflow);
        let alias = format_ident!("__TeleflowIn{index}", span = walk.span.0);
        body.extend(quote!(type #alias = #ty;));
        let _ = write!(shapes, "<{alias} as {PAYLOAD}>::SHAPE,");
        // What is inside the variable, where this type has it.
        if walk.nodes.len() > 1 {
            let names = format!("<{alias} as {PAYLOAD}>::SHAPE.names, {:?}", first.name());
            let is_there = code(&format!("__teleflow::knows({names})"), walk);
            let field = code(&format!("type __Teleflow0 = {};", field_type(&alias.to_string(), first.name())), walk);
            let steps = steps(walk);
            walks.extend(quote!(if #is_there { #field #steps }));
        }
    }
    let wanted = format!("{}, {holder:?}", node(first, "value", 0));
    body.extend(question("among", &wanted, &shapes, walk));
    body.extend(walks);
    body
}

/// The types inside the first, and the question whether all of them fit.
///
/// A type says of its fields what they are; only that of one with more inside it is named.
fn steps(walk: &Walk) -> TokenStream {
    let (mut aliases, mut nodes, mut shapes) = (String::new(), String::new(), String::new());
    // The number of a node's type.
    let mut numbers: Vec<usize> = Vec::new();
    let mut types = 0;
    for (index, wanted) in walk.nodes.iter().enumerate() {
        let of = |parent: usize| numbers.get(parent).copied().unwrap_or_default();
        let has_more = walk.nodes.iter().any(|other| other.is_inside(index));
        let (call, number, ty) = match wanted.from {
            From::Payload => ("value", types, None),
            From::List(list) => ("value", types, Some(format!("<__Teleflow{} as {PAYLOAD}>::Element", of(list)))),
            From::Object(object) => {
                let ty = || field_type(&format!("__Teleflow{}", of(object)), wanted.name());
                ("field", of(object), has_more.then(ty))
            }
        };
        // Writing to a string does not fail.
        let _ = write!(nodes, "{},", node(wanted, call, number));
        numbers.push(types);
        // The first has its name already.
        let has_type = ty.is_some() || wanted.from == From::Payload;
        if let Some(ty) = ty {
            let _ = write!(aliases, "type __Teleflow{types} = {ty};");
        }
        if has_type {
            let _ = write!(shapes, "<__Teleflow{types} as {PAYLOAD}>::SHAPE,");
            types += 1;
        }
    }
    let mut steps = code(&aliases, walk);
    steps.extend(question("hold", &format!("&[{nodes}]"), &shapes, walk));
    steps
}

fn node(node: &Node, call: &str, number: usize) -> String {
    let want = node.want();
    let (path, name, kind, steps) = (want.path, want.name, want.kind, want.steps);
    let (required, exact) = (want.required, want.exact);
    format!(
        "__teleflow::Node::{call}({number}, {path:?}, {name:?}, __teleflow::Kind::{kind:?}, {required}, {exact}, {steps:?})"
    )
}

fn field_type(object: &str, name: &str) -> String {
    let index = format!("__teleflow::index_of(<{object} as {PAYLOAD}>::SHAPE.names, {name:?})");
    format!("<<{object} as {PAYLOAD}>::Object as __teleflow::FieldAt<{{ {index} }}>>::Type")
}

/// A call that stops the build with a complaint, which then stands where the author can mend it: under all from the
/// call's first token to its last. These are the author's own places, so that the compiler does not speak of macros.
fn question(name: &str, wanted: &str, shapes: &str, walk: &Walk) -> TokenStream {
    let (_, end) = walk.span;
    let mut arguments = written(&format!("__TELEFLOW_PLACE, {wanted},"));
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
