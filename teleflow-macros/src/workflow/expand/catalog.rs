//! The results of the check against the workflow file → tokens: what makes cargo track the file, and the deferred checks.

use std::sync::atomic::{AtomicBool, Ordering};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{LitStr, WhereClause};
use teleflow_catalog::files::location::VARIABLE;

use super::{deferred, flattened_names, unmet};
use crate::tokens::span::resolve_at_call_site;
use crate::workflow::model::{CatalogChecks, CheckedWorkflow, UnmetNeed};

/// Makes cargo track the variable that names the catalog's folder. Once per crate, and the macro is loaded once for each.
pub(crate) fn tracked_variable() -> Option<TokenStream> {
    static IS_TRACKED: AtomicBool = AtomicBool::new(false);
    (!IS_TRACKED.swap(true, Ordering::Relaxed)).then(|| {
        quote!(
            const _: () = {
                let _ = ::core::option_env!(#VARIABLE);
            };
        )
    })
}

/// Everything that depends on the catalog except for [`states`]: statements of one block, since each constant of its own
/// costs more build time than its contents.
pub(super) fn expand(workflow: &CheckedWorkflow<'_>, where_clause: Option<&WhereClause>) -> Option<TokenStream> {
    let catalog = workflow.catalog.as_ref()?;
    let file = catalog.file.path.to_string_lossy();
    let inactive = (!catalog.file.workflow.active).then(|| inactive(&workflow.trigger, catalog));
    let needs = unmet::expand(workflow, catalog, where_clause);
    let deferred = deferred::expand(workflow, catalog);
    let flattened_names = flattened_names::expand(workflow, catalog);
    Some(quote! {
        let _ = ::core::include_bytes!(#file);
        #inactive
        #needs
        #deferred
        #flattened_names
    })
}

/// The trait's parameters: whether the event still needs an actor and a tenant. `None` if it needs neither.
pub(super) fn states(catalog: Option<&CatalogChecks>) -> Option<TokenStream> {
    let state = |need: &Option<UnmetNeed>, bound: &str| {
        let bound = format_ident!("{bound}");
        match need {
            None => quote!(__teleflow::Settled),
            Some(UnmetNeed { field_type: None, .. }) => quote!(__teleflow::Needed),
            Some(UnmetNeed { field_type: Some(ty), .. }) => {
                let ty = resolve_at_call_site(ty);
                quote!(<#ty as __teleflow::#bound>::State)
            }
        }
    };
    let CatalogChecks { actor, tenant, .. } = catalog?;
    let (actor_state, tenant_state) = (state(actor, "ActorField"), state(tenant, "TenantField"));
    (actor.is_some() || tenant.is_some()).then(|| quote!(<#actor_state, #tenant_state>))
}

/// A warning. A macro can only cause one by the use of something deprecated.
fn inactive(trigger: &LitStr, catalog: &CatalogChecks) -> TokenStream {
    let note = format!(
        "workflow `{}` is switched off, so the server drops its events [{}]",
        trigger.value(),
        catalog.file.display_path
    );
    // The author's span: the compiler does not warn about deprecated items that only a macro uses.
    let used = Ident::new("SWITCHED_OFF", trigger.span());
    quote! {
        const _: () = {
            #[deprecated(note = #note)]
            const SWITCHED_OFF: () = ();
            #used
        };
    }
}
