//! What the catalog says → tokens: what makes the compiler see the file, and constants that hold types against it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Generics, LitStr};
use teleflow_catalog::Place;
use teleflow_catalog::dir::VARIABLE;

use crate::model::{Checked, Root, Unmet, Walk, Workflow};
use crate::wanted::{From, place};

/// Everything of a workflow that depends on the catalog, but for its states.
pub(crate) fn expand(workflow: &Workflow<'_>, runtime: &TokenStream) -> TokenStream {
    // Cargo then builds anew when the variable changes.
    let variable = quote! {
        const _: ::core::option::Option<&'static ::core::primitive::str> = ::core::option_env!(#VARIABLE);
    };
    let Some(checked) = &workflow.checked else {
        return variable;
    };
    let file = checked.filed.path.to_string_lossy();
    let inactive = (!checked.filed.workflow.active).then(|| inactive(&workflow.trigger, checked));
    let needs = [("actor", "ActorSettled", &checked.actor), ("tenant", "TenantSettled", &checked.tenant)];
    let needs = needs.into_iter().filter_map(|(name, settled, unmet)| {
        Some(need(name, &format_ident!("{settled}"), unmet.as_ref()?, workflow, checked, runtime))
    });
    let walks = checked.walks.iter().map(|walk| constant(walk, workflow, checked, runtime));
    quote! {
        #variable
        const _: &[::core::primitive::u8] = ::core::include_bytes!(#file);
        #inactive
        #(#needs)*
        #(#walks)*
    }
}

/// `Needed` where the author must still say it.
pub(crate) fn state(unmet: Option<&Unmet>, krate: &syn::Path) -> TokenStream {
    if unmet.is_some() { quote!(#krate::Needed) } else { quote!(#krate::Settled) }
}

/// A warning: only the use of something deprecated makes one.
fn inactive(trigger: &LitStr, checked: &Checked) -> TokenStream {
    let note = format!(
        "workflow `{}` is switched off, and the server drops its events [{}]",
        trigger.value(),
        checked.filed.shown
    );
    // The author's own place: of what a derive uses, the compiler does not say that it is deprecated.
    let used = Ident::new("SWITCHED_OFF", trigger.span());
    quote! {
        const _: () = {
            #[deprecated(note = #note)]
            const SWITCHED_OFF: () = ();
            #used
        };
    }
}

/// The text for whoever forgets the actor: a trait of the workflow's own, since the text cannot depend on types.
fn need(
    name: &str,
    settled: &Ident,
    unmet: &Unmet,
    workflow: &Workflow<'_>,
    checked: &Checked,
    runtime: &TokenStream,
) -> TokenStream {
    let Workflow { ident, generics, .. } = workflow;
    let (_, ty_generics, where_clause) = generics.split_for_impl();
    let mut with_lifetime = Generics::clone(generics);
    with_lifetime.params.insert(0, syn::parse_quote!('__teleflow));
    let (impl_generics, ..) = with_lifetime.split_for_impl();
    let verb = if unmet.required { "requires" } else { "reads" };
    let steps = if unmet.steps.is_empty() { String::new() } else { format!(" ({})", unmet.steps) };
    let article = if name == "actor" { "an" } else { "a" };
    let message = format!(
        "workflow `{}` {verb} {article} {name}{steps}, and this event has none [{}]",
        workflow.trigger.value(),
        checked.filed.shown
    );
    let message = message.replace('{', "{{").replace('}', "}}");
    let label = format!("call `.{name}(..)` before this");
    // The compiler shows it, and for whom it is implemented.
    let given = format_ident!("Teleflow{}Given", if name == "actor" { "Actor" } else { "Tenant" });
    let predicates = where_clause.map(|clause| &clause.predicates);
    let comma = predicates.filter(|predicates| !predicates.empty_or_trailing()).map(|_| quote!(,));
    let need = quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #given<'__teleflow> {}
            impl<'__teleflow> #given<'__teleflow> for #runtime::Settled {}
            impl #impl_generics #runtime::#settled<#ident #ty_generics> for #runtime::Needed
            where #predicates #comma #ident #ty_generics: #given<'__teleflow> {}
        };
    };
    // The compiler's notes then point to the trigger, and not into the derive.
    everywhere(need, workflow.trigger.span())
}

fn everywhere(tokens: TokenStream, place: Span) -> TokenStream {
    let token = |token| match token {
        TokenTree::Group(group) => {
            let inner = Group::new(group.delimiter(), everywhere(group.stream(), place));
            placed(inner.into(), place)
        }
        token => placed(token, place),
    };
    tokens.into_iter().map(token).collect()
}

/// One constant for a walk, so that each says its own complaint.
fn constant(walk: &Walk, workflow: &Workflow<'_>, checked: &Checked, runtime: &TokenStream) -> TokenStream {
    let place = place(&Place { workflow: &workflow.trigger.value(), file: &checked.filed.shown }, runtime);
    let body = match &walk.root {
        Root::Field(ty) => {
            let ty = erased(ty.to_token_stream(), workflow);
            steps(walk, &ty, runtime)
        }
        Root::Inside(types) => inside(walk, types, workflow, runtime),
    };
    quote! {
        const _: () = {
            const __TELEFLOW_PLACE: &#runtime::Place<'static> = &#place;
            #body
        };
    }
}

/// The walk from a type on, node by node.
///
/// A block for each, inside that of the one before it: the types are in sight, and the constant is its own.
fn steps(walk: &Walk, root: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let steps = walk.nodes.iter().enumerate().map(|(index, node)| {
        let (ty, presence) = match node.from {
            From::Payload => (root.clone(), None),
            From::List(list) => (asked(&walk.ty(list), "Element", walk, runtime), None),
            From::Object(object) => {
                let object = walk.ty(object);
                let [form, name, fields] =
                    ["FORM", "NAME", "FIELDS"].map(|asked_for| asked(&object, asked_for, walk, runtime));
                let presence = question("field", quote!(#form, #name, #fields), walk, runtime);
                (field_type(&object, node.name(), walk, runtime), Some(presence))
            }
        };
        let (this, want) = (walk.ty(index), node.tokens(runtime));
        let [form, optional] = ["FORM", "OPTIONAL"].map(|asked_for| asked(&this, asked_for, walk, runtime));
        let value = question("value", quote!(#form, #optional), walk, runtime);
        quote! {
            type #this = #ty;
            const __TELEFLOW_WANT: &#runtime::Want<'static> = &#want;
            #presence
            #value
        }
    });
    let steps: Vec<TokenStream> = steps.collect();
    steps.into_iter().rev().fold(TokenStream::new(), |inner, step| quote!({ #step #inner }))
}

impl Walk {
    /// The name of a node's type in the generated code.
    fn ty(&self, node: usize) -> TokenStream {
        let name = format_ident!("__Teleflow{node}", span = self.start());
        quote!(#name)
    }

    /// Where the complaint begins.
    fn start(&self) -> Span {
        self.span.0
    }
}

/// What a type says of itself. All of it stands at one place, so that the compiler complains once of a type that
/// says nothing.
fn asked(ty: &TokenStream, asked_for: &str, walk: &Walk, runtime: &TokenStream) -> TokenStream {
    let asked_for = format_ident!("{asked_for}", span = walk.start());
    let asked = quote!(<#ty as #runtime::TeleflowPayload>::#asked_for);
    asked.into_iter().map(|token| placed(token, walk.start())).collect()
}

fn field_type(object: &TokenStream, name: &str, walk: &Walk, runtime: &TokenStream) -> TokenStream {
    let [ty, fields] = ["Object", "FIELDS"].map(|asked_for| asked(object, asked_for, walk, runtime));
    quote_spanned!(walk.start()=> <#ty as #runtime::FieldAt<{ #runtime::index_of(#fields, #name) }>>::Type)
}

/// A call that stops the build with a complaint, which then stands where the author can mend it: under all from the
/// call's first token to its last. These are the author's own places, so that the compiler does not speak of macros.
fn question(name: &str, arguments: TokenStream, walk: &Walk, runtime: &TokenStream) -> TokenStream {
    let (start, end) = walk.span;
    let name = format_ident!("{name}");
    let mut path = quote!(#runtime::#name);
    path = path.into_iter().map(|token| placed(token, start)).collect();
    let arguments = Group::new(Delimiter::Parenthesis, quote!(__TELEFLOW_WANT, __TELEFLOW_PLACE, #arguments));
    let arguments = placed(arguments.into(), end);
    quote!(#path #arguments;)
}

fn placed(mut token: TokenTree, place: Span) -> TokenTree {
    token.set_span(place);
    token
}

/// A variable that may be in any of these types.
fn inside(walk: &Walk, types: &[syn::Type], workflow: &Workflow<'_>, runtime: &TokenStream) -> TokenStream {
    let Some(first) = walk.nodes.first() else {
        return TokenStream::new();
    };
    let holder = workflow.ident.to_string();
    let types: Vec<TokenStream> = types.iter().map(|ty| erased(ty.to_token_stream(), workflow)).collect();
    let want = first.tokens(runtime);
    let names = types.iter().map(|ty| {
        let [form, optional, names] =
            ["FORM", "OPTIONAL", "FIELDS"].map(|asked_for| asked(ty, asked_for, walk, runtime));
        quote!(#runtime::Flattened { form: #form, optional: #optional, names: #names })
    });
    let presence = question("among", quote!(#holder, &[#(#names),*]), walk, runtime);
    let walks = types.iter().map(|ty| steps(walk, &field_type(ty, first.name(), walk, runtime), runtime));
    quote! {
        const __TELEFLOW_WANT: &#runtime::Want<'static> = &#want;
        #presence
        #(#walks)*
    }
}

/// A type as a constant can name it: with `'static` for every lifetime, and without `Self`. Where it is deprecated,
/// that is said where the author wrote it, and not again here.
fn erased(ty: TokenStream, workflow: &Workflow<'_>) -> TokenStream {
    let mut erased = TokenStream::new();
    let mut is_lifetime = false;
    for token in ty {
        let token = match token {
            TokenTree::Ident(name) if is_lifetime => Ident::new("static", name.span()).into(),
            TokenTree::Ident(name) if name == "Self" => {
                let ident = workflow.ident;
                let (_, ty_generics, _) = workflow.generics.split_for_impl();
                erased.extend(self::erased(quote!(#ident #ty_generics), workflow));
                continue;
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self::erased(group.stream(), workflow));
                inner.set_span(group.span());
                inner.into()
            }
            token => token,
        };
        let place = token.span().resolved_at(Span::call_site());
        let token = placed(token, place);
        is_lifetime = matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\'');
        erased.extend([token]);
    }
    erased
}
