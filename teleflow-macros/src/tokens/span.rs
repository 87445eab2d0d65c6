//! Tokens, and where the compiler shows them.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The token at another place. `$crate` stays: its place says which crate it is.
pub(crate) fn placed(mut token: TokenTree, place: Span) -> TokenTree {
    if !matches!(&token, TokenTree::Ident(name) if name == "$crate") {
        token.set_span(place);
    }
    token
}

/// All tokens at one place.
pub(crate) fn everywhere(tokens: TokenStream, place: Span) -> TokenStream {
    tokens.into_iter().map(|token| placed(inside(token, |stream| everywhere(stream, place)), place)).collect()
}

/// The author's tokens as a part of the expansion: where something of theirs is deprecated, that is said where they
/// wrote it, and not again here.
pub(crate) fn here(tokens: impl ToTokens) -> TokenStream {
    let expanded = |token: TokenTree| {
        let place = token.span().resolved_at(Span::call_site());
        placed(inside(token, here), place)
    };
    tokens.into_token_stream().into_iter().map(expanded).collect()
}

/// With the struct's own name in the place of `Self`.
pub(crate) fn without_self(tokens: TokenStream, name: &Ident, generics: &TokenStream) -> TokenStream {
    let named = |token: TokenTree| match token {
        TokenTree::Ident(itself) if itself == "Self" => quote!(#name #generics),
        token => inside(token, |stream| without_self(stream, name, generics)).into(),
    };
    tokens.into_iter().map(named).collect()
}

/// A group with other tokens inside it; anything else as it is.
pub(crate) fn inside(token: TokenTree, change: impl Fn(TokenStream) -> TokenStream) -> TokenTree {
    match token {
        TokenTree::Group(group) => Group::new(group.delimiter(), change(group.stream())).into(),
        token => token,
    }
}

/// The first and the last token.
pub(crate) fn ends(ty: impl ToTokens) -> (Span, Span) {
    let mut spans = ty.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// Generated code that was put together as text.
pub(crate) fn written(text: &str) -> TokenStream {
    // The compiler reads it faster than proc-macro2, which reads it twice; but in a test there is no compiler.
    let tokens = match proc_macro::is_available() {
        true => text.parse::<proc_macro::TokenStream>().map(TokenStream::from).map_err(|error| error.to_string()),
        false => text.parse::<TokenStream>().map_err(|error| error.to_string()),
    };
    tokens.unwrap_or_else(|error| {
        let message = format!("the derive has written what cannot be read: {error}");
        quote!(::core::compile_error!(#message);)
    })
}
