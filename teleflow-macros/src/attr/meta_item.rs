//! The items between the commas of `#[name(…)]`. Parsing them never fails: serde's attributes are parsed by the same code,
//! and serde reports their errors itself.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Token};

/// One item of an attribute.
pub(crate) struct MetaItem {
    /// `None` if the item does not begin with a name.
    pub key: Option<Ident>,
    pub value: MetaValue,
    /// The whole item, for the span of an error.
    pub tokens: TokenStream,
}

pub(crate) enum MetaValue {
    /// `key`
    None,
    /// `key = "text"`
    String(LitStr),
    /// `key(…)`
    List(TokenStream),
    /// A valid item, then this token instead of a comma.
    MissingComma(TokenTree),
    Other,
}

/// The items of every `#[name(…)]`.
pub(crate) fn items(attrs: &[Attribute], name: &str) -> Vec<MetaItem> {
    let mut items = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        match &attr.meta {
            Meta::List(list) => items.extend(in_list(&list.tokens)),
            meta => items.push(MetaItem::keyless(meta.to_token_stream())),
        }
    }
    items
}

/// The items of a list.
pub(crate) fn in_list(list: &TokenStream) -> Vec<MetaItem> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for token in flatten_groups(list.clone()) {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                if item.is_empty() {
                    items.push(MetaItem::keyless(comma.to_token_stream()));
                } else {
                    items.push(MetaItem::new(&item));
                    item.clear();
                }
            }
            token => item.push(token),
        }
    }
    if !item.is_empty() {
        items.push(MetaItem::new(&item));
    }
    items
}

/// Replaces groups without delimiters by their tokens. A `macro_rules!` passes its fragments as such groups.
fn flatten_groups(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(flatten_groups(group.stream()))
            }
            token => flat.push(token),
        }
    }
    flat
}

impl MetaItem {
    fn new(tokens: &[TokenTree]) -> Self {
        match tokens {
            [TokenTree::Ident(key), value @ ..] => {
                Self { key: Some(key.clone()), value: MetaValue::of(value), tokens: tokens.iter().cloned().collect() }
            }
            _ => Self::keyless(tokens.iter().cloned().collect()),
        }
    }

    fn keyless(tokens: TokenStream) -> Self {
        Self { key: None, value: MetaValue::Other, tokens }
    }

    pub(crate) fn is(&self, key: &str) -> bool {
        self.key.as_ref().is_some_and(|own| own == key)
    }

    pub(crate) fn text(&self) -> Option<&LitStr> {
        match &self.value {
            MetaValue::String(text) => Some(text),
            _ => None,
        }
    }
}

impl MetaValue {
    fn of(value: &[TokenTree]) -> Self {
        match value {
            [] => Self::None,
            [TokenTree::Ident(next), ..] => Self::MissingComma(next.clone().into()),
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Self::List(group.stream()),
            [TokenTree::Punct(equals), text, rest @ ..] if equals.as_char() == '=' => match (string(text), rest) {
                (Some(text), []) => Self::String(text),
                (Some(_), [next, ..]) => Self::MissingComma(next.clone()),
                (None, _) => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// String literals separated by commas; `None` if there is anything else.
pub(crate) fn strings(list: &TokenStream) -> Option<Vec<LitStr>> {
    let parse = Punctuated::<LitStr, Token![,]>::parse_terminated;
    Some(parse.parse2(list.clone()).ok()?.into_iter().collect())
}

/// A string literal without a suffix.
fn string(token: &TokenTree) -> Option<LitStr> {
    syn::parse2(token.to_token_stream()).ok().filter(|text: &LitStr| text.suffix().is_empty())
}
