//! Pieces of generated code that both derives write.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The items in a scope where `__teleflow` is what generated code names of the library.
pub(crate) fn within(krate: &Path, items: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            use #krate::__private as __teleflow;
            #items
        };
    }
}

/// Whether a type, which need not say how it is written, may be `null`.
pub(crate) fn probed(ty: &TokenStream) -> TokenStream {
    quote!({
        #[allow(unused_imports)]
        use __teleflow::{IsNullableFallback as _, IsOptionFallback as _};
        __teleflow::Probe::<#ty>::IS_OPTION || __teleflow::Probe::<#ty>::IS_NULLABLE
    })
}
