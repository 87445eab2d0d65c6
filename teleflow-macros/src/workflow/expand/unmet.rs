//! The errors for an event without the actor or the tenant that its workflow reads → traits of the workflow's own, since
//! the message of `#[diagnostic::on_unimplemented]` cannot depend on types.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Generics, WhereClause};

use crate::tokens::span::{replace_self, respan};
use crate::workflow::model::{CatalogChecks, CheckedWorkflow, UnmetNeed};

/// An unmet need with its name.
struct Need<'a> {
    /// `Actor` or `Tenant`.
    name: &'static str,
    unmet: &'a UnmetNeed,
}

/// Impls whose bounds are never met, so that the compiler shows the messages of these bounds.
pub(super) fn expand(
    workflow: &CheckedWorkflow<'_>,
    catalog: &CatalogChecks,
    where_clause: Option<&WhereClause>,
) -> TokenStream {
    let need = |name, unmet| Option::map(unmet, |unmet| Need { name, unmet });
    let actor = need("Actor", catalog.actor.as_ref());
    let tenant = need("Tenant", catalog.tenant.as_ref());
    let not_set = actor.iter().chain(&tenant).map(|need| need.not_set(workflow, catalog));
    let not_accepted = not_accepted(workflow, catalog, [&actor, &tenant], where_clause);
    let needs = quote!(#(#not_set)* #not_accepted);
    // So that the compiler's notes point to the trigger, not to the derive.
    respan(needs, workflow.trigger.span())
}

impl Need<'_> {
    /// "workflow `order-shipped` requires an actor (step `email`)"
    fn in_words(&self, workflow: &CheckedWorkflow<'_>) -> String {
        let verb = if self.unmet.required { "requires" } else { "uses" };
        let steps = &self.unmet.steps;
        let steps = if steps.is_empty() { String::new() } else { format!(" ({steps})") };
        let noun = if self.name == "Actor" { "an actor" } else { "a tenant" };
        format!("workflow `{}` {verb} {noun}{steps}", workflow.trigger.value())
    }

    fn method(&self) -> &'static str {
        if self.name == "Actor" { "actor" } else { "tenant" }
    }

    /// The error for an event that is sent without it.
    fn not_set(&self, workflow: &CheckedWorkflow<'_>, catalog: &CatalogChecks) -> TokenStream {
        let method = self.method();
        let message =
            format!("{}, but no {method} has been set [{}]", self.in_words(workflow), catalog.file.display_path);
        let event = event_in_words(workflow);
        let label = match workflow.to {
            // `send` may be called on the struct itself, without an event.
            Some(_) => format!("call `.{method}(..)` on the event before this: `{event}.{method}(..)`"),
            None => format!("call `.{method}(..)` on the event before this"),
        };
        let note = match &self.unmet.optional_field {
            Some(field) => format!(
                "field `{field}` is an `Option`, so the {method} may be missing; remove the `Option` or call `{event}.{method}(..)`"
            ),
            None => format!("or mark the field that holds the {method} with `#[teleflow({method})]`"),
        };
        let note = self.unmet.field_type.is_none().then(|| quote!(, note = #note));
        let (message, label) = (escape_braces(&message), escape_braces(&label));
        // The compiler prints this name. The prefix keeps it apart from the author's names, which the impls name too.
        let has_trait = format_ident!("TeleflowHas{}", self.name);
        let settled_trait = format_ident!("{}Settled", self.name);
        let CheckedWorkflow { ident, generics, .. } = workflow;
        let (_, ty_generics, where_clause) = generics.split_for_impl();
        let (impl_generics, predicates) = with_lifetime(workflow, where_clause);
        let (impl_generics, ..) = impl_generics.split_for_impl();
        quote! {
            #[allow(single_use_lifetimes, unnameable_types, unused_qualifications)]
            const _: () = {
                #[diagnostic::on_unimplemented(message = #message, label = #label #note)]
                pub trait #has_trait<'__teleflow> {}
                impl<'__teleflow> #has_trait<'__teleflow> for __teleflow::Settled {}
                impl #impl_generics __teleflow::#settled_trait<#ident #ty_generics> for __teleflow::Needed
                where #predicates #ident #ty_generics: #has_trait<'__teleflow> {}
                impl #impl_generics __teleflow::#settled_trait<&'__teleflow #ident #ty_generics> for __teleflow::Needed
                where #predicates #ident #ty_generics: #has_trait<'__teleflow> {}
            };
        }
    }
}

/// The error for a workflow that is passed where one with fewer needs is expected. `None` if a field's type decides what
/// the workflow needs.
fn not_accepted(
    workflow: &CheckedWorkflow<'_>,
    catalog: &CatalogChecks,
    needs: [&Option<Need<'_>>; 2],
    where_clause: Option<&WhereClause>,
) -> Option<TokenStream> {
    if needs.into_iter().flatten().any(|need| need.unmet.field_type.is_some()) {
        return None;
    }
    let impl_for = |states, need: &Need<'_>| impl_for_fewer_needs(workflow, states, need, where_clause);
    let traits = needs.into_iter().flatten().map(|need| not_accepted_trait(need, workflow, catalog));
    let impls = match needs {
        [Some(actor), None] => vec![impl_for(["Settled", "Settled"], actor)],
        [None, Some(tenant)] => vec![impl_for(["Settled", "Settled"], tenant)],
        [Some(actor), Some(tenant)] => vec![
            impl_for(["Settled", "Settled"], actor),
            impl_for(["Settled", "Needed"], actor),
            impl_for(["Needed", "Settled"], tenant),
        ],
        [None, None] => return None,
    };
    Some(quote! {
        #[allow(single_use_lifetimes, unnameable_types, unused_qualifications)]
        const _: () = {
            #(#traits)*
            #(#impls)*
        };
    })
}

/// The trait whose message the compiler shows.
fn not_accepted_trait(need: &Need<'_>, workflow: &CheckedWorkflow<'_>, catalog: &CatalogChecks) -> TokenStream {
    let words = need.in_words(workflow);
    let message = format!("{words}, but `{}` alone has none [{}]", workflow.ident.unraw(), catalog.file.display_path);
    let label = format!(
        "expected a workflow that needs no {0}; pass the event, as in `{2}.{0}(..)`, or require `TeleflowWorkflow<{1}>`",
        need.method(),
        if need.name == "Actor" { "Needed" } else { "_, Needed" },
        event_in_words(workflow),
    );
    let (message, label, name) = (escape_braces(&message), escape_braces(&label), trait_name(need));
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name<'__teleflow> {}
    }
}

/// An impl of the workflow with these states, whose bound is never met.
fn impl_for_fewer_needs(
    workflow: &CheckedWorkflow<'_>,
    states: [&str; 2],
    need: &Need<'_>,
    where_clause: Option<&WhereClause>,
) -> TokenStream {
    let CheckedWorkflow { ident, generics, .. } = workflow;
    let (_, ty_generics, _) = generics.split_for_impl();
    let (impl_generics, predicates) = with_lifetime(workflow, where_clause);
    let (impl_generics, ..) = impl_generics.split_for_impl();
    let [actor, tenant] = states.map(|state| format_ident!("{state}"));
    let name = trait_name(need);
    quote! {
        impl #impl_generics __teleflow::TeleflowWorkflow<__teleflow::#actor, __teleflow::#tenant>
            for #ident #ty_generics
        where #predicates __teleflow::Needed: #name<'__teleflow> {}
    }
}

/// How the author gets the event of the struct.
fn event_in_words(workflow: &CheckedWorkflow<'_>) -> &'static str {
    if workflow.to.is_some() { ".event()" } else { ".to(..)" }
}

fn trait_name(need: &Need<'_>) -> Ident {
    format_ident!("TeleflowWithout{}", need.name)
}

/// The struct's generics with an additional lifetime, without which the compiler would check the bound at once; and the
/// predicates with a trailing comma.
fn with_lifetime(workflow: &CheckedWorkflow<'_>, where_clause: Option<&WhereClause>) -> (Generics, TokenStream) {
    let CheckedWorkflow { ident, generics, .. } = workflow;
    let (_, ty_generics, _) = generics.split_for_impl();
    let mut with_lifetime = Generics::clone(generics);
    with_lifetime.params.insert(0, syn::parse_quote!('__teleflow));
    let predicates = where_clause.map(|clause| &clause.predicates);
    let comma = predicates.filter(|predicates| !predicates.empty_or_trailing()).map(|_| quote!(,));
    // `Self` is another type in these impls.
    let predicates = replace_self(predicates.to_token_stream(), ident, &ty_generics.to_token_stream());
    (with_lifetime, quote!(#predicates #comma))
}

/// Escapes braces, which `#[diagnostic::on_unimplemented]` would interpret.
fn escape_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
