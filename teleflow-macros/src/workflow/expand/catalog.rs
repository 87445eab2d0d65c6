//! What the catalog says → tokens: what makes the compiler see the file, and constants that hold types against it.

use std::sync::atomic::{AtomicBool, Ordering};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{LitStr, WhereClause};
use teleflow_catalog::files::location::VARIABLE;

use super::{flattened, nested, unmet};
use crate::tokens::span::here;
use crate::workflow::model::{Checked, Unmet, Workflow};

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

/// Everything of a workflow that depends on the catalog, but for its states: statements of one block, since each constant
/// costs a build more than what is in it.
pub(crate) fn expand(workflow: &Workflow<'_>, where_clause: Option<&WhereClause>) -> Option<TokenStream> {
    let checked = workflow.checked.as_ref()?;
    let file = checked.filed.path.to_string_lossy();
    let inactive = (!checked.filed.workflow.active).then(|| inactive(&workflow.trigger, checked));
    let needs = unmet::expand(workflow, checked, where_clause);
    let walks = nested::expand(workflow, checked);
    let flattened = flattened::expand(workflow, checked);
    Some(quote! {
        let _ = ::core::include_bytes!(#file);
        #inactive
        #needs
        #walks
        #flattened
    })
}

/// What the event still lacks, as parameters of the trait. Where it lacks nothing, they need not be written.
pub(crate) fn states(checked: Option<&Checked>) -> Option<TokenStream> {
    let state = |unmet: &Option<Unmet>, bound: &str| {
        let bound = format_ident!("{bound}");
        match unmet {
            None => quote!(__teleflow::Settled),
            Some(Unmet { field: None, .. }) => quote!(__teleflow::Needed),
            Some(Unmet { field: Some(ty), .. }) => {
                let ty = here(ty);
                quote!(<#ty as __teleflow::#bound>::State)
            }
        }
    };
    let Checked { actor, tenant, .. } = checked?;
    let (actor_state, tenant_state) = (state(actor, "ActorField"), state(tenant, "TenantField"));
    (actor.is_some() || tenant.is_some()).then(|| quote!(<#actor_state, #tenant_state>))
}

/// A warning: only the use of something deprecated makes one.
fn inactive(trigger: &LitStr, checked: &Checked) -> TokenStream {
    let note = format!(
        "workflow `{}` is switched off, so the server drops its events [{}]",
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
