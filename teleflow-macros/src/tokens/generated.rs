//! Pieces of generated code that both derives use.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// Puts the items into a scope where `__teleflow` is the library's `__private` module.
pub(crate) fn in_library_scope(krate: &Path, items: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            use #krate::__private as __teleflow;
            #items
        };
    }
}

/// An expression for whether a value of the type may be `null`. The type need not be a `TeleflowPayload`.
pub(crate) fn nullability_of(ty: &TokenStream) -> TokenStream {
    quote!({
        #[allow(unused_imports)]
        use __teleflow::{IsNullableFallback as _, IsOptionFallback as _};
        __teleflow::Probe::<#ty>::IS_OPTION || __teleflow::Probe::<#ty>::IS_NULLABLE
    })
}

/// Parses generated code that was built as text.
pub(crate) fn parse_generated(code: &str) -> TokenStream {
    // The compiler's parser is faster than that of proc-macro2, which parses twice. Unit tests run without a compiler.
    let tokens = match proc_macro::is_available() {
        true => code.parse::<proc_macro::TokenStream>().map(TokenStream::from).map_err(|error| error.to_string()),
        false => code.parse::<TokenStream>().map_err(|error| error.to_string()),
    };
    tokens.unwrap_or_else(|error| {
        let message = format!("the derive generated invalid code, which is a bug in `teleflow-macros`: {error}");
        quote!(::core::compile_error!(#message);)
    })
}
