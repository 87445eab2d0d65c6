//! What the catalog says → tokens: what makes the compiler see the file, and constants that hold types against it.

use std::sync::atomic::{AtomicBool, Ordering};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Generics, LitStr};
use teleflow_catalog::dir::VARIABLE;

use crate::model::{Checked, Unmet, Workflow};
use crate::place::{everywhere, without_self};
use crate::{expand_flattened, expand_walks};

/// The variable that names the catalog's folder: cargo then builds anew when it changes. Once is enough for a crate,
/// and this runs anew for each.
pub(crate) fn watched() -> Option<TokenStream> {
    static IS_WATCHED: AtomicBool = AtomicBool::new(false);
    (!IS_WATCHED.swap(true, Ordering::Relaxed)).then(|| {
        quote!(
            const _: () = {
                let _ = ::core::option_env!(#VARIABLE);
            };
        )
    })
}

/// Everything of a workflow that depends on the catalog, but for its states.
pub(crate) fn expand(workflow: &Workflow<'_>, runtime: &TokenStream) -> Option<TokenStream> {
    let checked = workflow.checked.as_ref()?;
    let file = checked.filed.path.to_string_lossy();
    let inactive = (!checked.filed.workflow.active).then(|| inactive(&workflow.trigger, checked));
    let needs = [("actor", "ActorSettled", &checked.actor), ("tenant", "TenantSettled", &checked.tenant)];
    let needs = needs.into_iter().filter_map(|(name, settled, unmet)| {
        Some(need(name, &format_ident!("{settled}"), unmet.as_ref()?, workflow, checked, runtime))
    });
    let walks = expand_walks::expand(workflow, checked, runtime);
    let flattened = expand_flattened::expand(workflow, checked, runtime);
    Some(quote! {
        const _: &[::core::primitive::u8] = ::core::include_bytes!(#file);
        #inactive
        #(#needs)*
        #walks
        #flattened
    })
}

/// What the event still lacks, as parameters of the trait. Where it lacks nothing, they need not be written.
pub(crate) fn states(checked: Option<&Checked>, krate: &syn::Path) -> Option<TokenStream> {
    let state = |unmet: &Option<Unmet>| if unmet.is_some() { quote!(#krate::Needed) } else { quote!(#krate::Settled) };
    let Checked { actor, tenant, .. } = checked?;
    let (actor_state, tenant_state) = (state(actor), state(tenant));
    (actor.is_some() || tenant.is_some()).then(|| quote!(<#actor_state, #tenant_state>))
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
    // There `Self` is another.
    let predicates = without_self(predicates.to_token_stream(), ident, &ty_generics.to_token_stream());
    let need = quote! {
        #[allow(single_use_lifetimes, unnameable_types)]
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
