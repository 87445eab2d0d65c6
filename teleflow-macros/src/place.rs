//! Tokens, and where the compiler shows them.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

pub(crate) fn placed(mut token: TokenTree, place: Span) -> TokenTree {
    token.set_span(place);
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

/// A group with other tokens inside it; anything else as it is.
fn inside(token: TokenTree, change: impl Fn(TokenStream) -> TokenStream) -> TokenTree {
    match token {
        TokenTree::Group(group) => Group::new(group.delimiter(), change(group.stream())).into(),
        token => token,
    }
}
