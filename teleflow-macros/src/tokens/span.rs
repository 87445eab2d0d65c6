//! The spans of tokens, which decide where the compiler reports an error.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Gives the token another span. `$crate` keeps its span, which determines the crate.
pub(crate) fn respan_token(mut token: TokenTree, span: Span) -> TokenTree {
    if !matches!(&token, TokenTree::Ident(name) if name == "$crate") {
        token.set_span(span);
    }
    token
}

/// Gives all tokens the same span.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens.into_iter().map(|token| respan_token(map_group(token, |stream| respan(stream, span)), span)).collect()
}

/// Marks the author's tokens as generated, at their position in the source. The compiler then does not warn twice
/// about them, for example that an item is deprecated.
pub(crate) fn resolve_at_call_site(tokens: impl ToTokens) -> TokenStream {
    let resolve = |token: TokenTree| {
        let span = token.span().resolved_at(Span::call_site());
        respan_token(map_group(token, resolve_at_call_site), span)
    };
    tokens.into_token_stream().into_iter().map(resolve).collect()
}

/// Replaces `Self` by the struct's name.
pub(crate) fn replace_self(tokens: TokenStream, name: &Ident, generics: &TokenStream) -> TokenStream {
    let replace = |token: TokenTree| match token {
        TokenTree::Ident(ident) if ident == "Self" => quote!(#name #generics),
        token => map_group(token, |stream| replace_self(stream, name, generics)).into(),
    };
    tokens.into_iter().map(replace).collect()
}

/// Changes the tokens inside a group. Other tokens remain unchanged.
pub(crate) fn map_group(token: TokenTree, change: impl Fn(TokenStream) -> TokenStream) -> TokenTree {
    match token {
        TokenTree::Group(group) => Group::new(group.delimiter(), change(group.stream())).into(),
        token => token,
    }
}

/// The spans of the first and the last token.
pub(crate) fn first_and_last_span(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}
