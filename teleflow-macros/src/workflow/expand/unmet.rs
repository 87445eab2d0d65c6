//! The texts for whoever forgets the actor or the tenant: traits of the workflow's own, since the text of a trait cannot
//! depend on types.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Generics, WhereClause};

use crate::tokens::span::{everywhere, without_self};
use crate::workflow::model::{Checked, Unmet, Workflow};

/// What an event needs, in words.
struct Need<'a> {
    /// `Actor` or `Tenant`.
    name: &'static str,
    unmet: &'a Unmet,
}

/// The impls that are looked for where an actor or a tenant is missing, and that never hold.
pub(crate) fn expand(workflow: &Workflow<'_>, checked: &Checked, where_clause: Option<&WhereClause>) -> TokenStream {
    let need = |name, unmet| Option::map(unmet, |unmet| Need { name, unmet });
    let actor = need("Actor", checked.actor.as_ref());
    let tenant = need("Tenant", checked.tenant.as_ref());
    let unsent = actor.iter().chain(&tenant).map(|need| need.unsent(workflow, checked));
    let unbound = unbound(workflow, checked, [&actor, &tenant], where_clause);
    let needs = quote!(#(#unsent)* #unbound);
    // The compiler's notes then point to the trigger, and not into the derive.
    everywhere(needs, workflow.trigger.span())
}

impl Need<'_> {
    /// "workflow `order-shipped` requires an actor (step `email`)"
    fn in_words(&self, workflow: &Workflow<'_>) -> String {
        let verb = if self.unmet.required { "requires" } else { "uses" };
        let steps = &self.unmet.steps;
        let steps = if steps.is_empty() { String::new() } else { format!(" ({steps})") };
        let thing = if self.name == "Actor" { "an actor" } else { "a tenant" };
        format!("workflow `{}` {verb} {thing}{steps}", workflow.trigger.value())
    }

    fn method(&self) -> &'static str {
        if self.name == "Actor" { "actor" } else { "tenant" }
    }

    /// An event is to be sent without it.
    fn unsent(&self, workflow: &Workflow<'_>, checked: &Checked) -> TokenStream {
        let method = self.method();
        let message = format!("{}, but no {method} has been set [{}]", self.in_words(workflow), checked.filed.shown);
        let label = format!("set it on the event before this: `.to(..).{method}(..)`");
        let note = match &self.unmet.optional {
            Some(field) => format!(
                "field `{field}` is an `Option`, so the {method} may be missing; remove the `Option` or call `.to(..).{method}(..)`"
            ),
            None => format!("or mark the field that has it with `#[teleflow({method})]`"),
        };
        let note = self.unmet.field.is_none().then(|| quote!(, note = #note));
        let (message, label) = (literally(&message), literally(&label));
        // The compiler shows it, and for whom it is implemented.
        let (given, settled) = (format_ident!("Teleflow{}Given", self.name), format_ident!("{}Settled", self.name));
        let Workflow { ident, generics, .. } = workflow;
        let (_, ty_generics, where_clause) = generics.split_for_impl();
        let (impl_generics, predicates) = with_lifetime(workflow, where_clause);
        let (impl_generics, ..) = impl_generics.split_for_impl();
        quote! {
            #[allow(single_use_lifetimes, unnameable_types, unused_qualifications)]
            const _: () = {
                #[diagnostic::on_unimplemented(message = #message, label = #label #note)]
                pub trait #given<'__teleflow> {}
                impl<'__teleflow> #given<'__teleflow> for __teleflow::Settled {}
                impl #impl_generics __teleflow::#settled<#ident #ty_generics> for __teleflow::Needed
                where #predicates #ident #ty_generics: #given<'__teleflow> {}
                impl #impl_generics __teleflow::#settled<&'__teleflow #ident #ty_generics> for __teleflow::Needed
                where #predicates #ident #ty_generics: #given<'__teleflow> {}
            };
        }
    }
}

/// The workflow is to stand for one that needs less. Where a field's type says what is needed, this is not known.
fn unbound(
    workflow: &Workflow<'_>,
    checked: &Checked,
    needs: [&Option<Need<'_>>; 2],
    where_clause: Option<&WhereClause>,
) -> Option<TokenStream> {
    if needs.into_iter().flatten().any(|need| need.unmet.field.is_some()) {
        return None;
    }
    let Workflow { ident, generics, .. } = workflow;
    let (_, ty_generics, _) = generics.split_for_impl();
    let (impl_generics, predicates) = with_lifetime(workflow, where_clause);
    let (impl_generics, ..) = impl_generics.split_for_impl();
    let for_less = |need: &Need<'_>, [actor, tenant]: [&str; 2]| {
        let (actor, tenant) = (format_ident!("{actor}"), format_ident!("{tenant}"));
        let name = trait_name(need);
        quote! {
            impl #impl_generics __teleflow::TeleflowWorkflow<__teleflow::#actor, __teleflow::#tenant>
                for #ident #ty_generics
            where #predicates __teleflow::Needed: #name<'__teleflow> {}
        }
    };
    let traits = needs.into_iter().flatten().map(|need| {
        let message = format!(
            "{}, but `{}` alone has none [{}]",
            need.in_words(workflow),
            ident.unraw(),
            checked.filed.shown
        );
        let label = format!(
            "expected a workflow that needs no {0}; pass the event, as in `.to(..).{0}(..)`, or require `TeleflowWorkflow<{1}>`",
            need.method(),
            if need.name == "Actor" { "Needed" } else { "_, Needed" },
        );
        let (message, label, name) = (literally(&message), literally(&label), trait_name(need));
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #name<'__teleflow> {}
        }
    });
    let impls = match needs {
        [Some(actor), None] => vec![for_less(actor, ["Settled", "Settled"])],
        [None, Some(tenant)] => vec![for_less(tenant, ["Settled", "Settled"])],
        [Some(actor), Some(tenant)] => vec![
            for_less(actor, ["Settled", "Settled"]),
            for_less(actor, ["Settled", "Needed"]),
            for_less(tenant, ["Needed", "Settled"]),
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

fn trait_name(need: &Need<'_>) -> Ident {
    format_ident!("TeleflowWithout{}", need.name)
}

/// The generics of the struct with a lifetime more, without which the compiler would look at once whether a bound
/// holds; and the predicates, with a comma at their end.
fn with_lifetime(workflow: &Workflow<'_>, where_clause: Option<&WhereClause>) -> (Generics, TokenStream) {
    let Workflow { ident, generics, .. } = workflow;
    let (_, ty_generics, _) = generics.split_for_impl();
    let mut with_lifetime = Generics::clone(generics);
    with_lifetime.params.insert(0, syn::parse_quote!('__teleflow));
    let predicates = where_clause.map(|clause| &clause.predicates);
    let comma = predicates.filter(|predicates| !predicates.empty_or_trailing()).map(|_| quote!(,));
    // There `Self` is another.
    let predicates = without_self(predicates.to_token_stream(), ident, &ty_generics.to_token_stream());
    (with_lifetime, quote!(#predicates #comma))
}

/// A text that the compiler shows as it is.
fn literally(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
