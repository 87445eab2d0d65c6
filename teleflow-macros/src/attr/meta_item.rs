//! What stands between the commas of `#[name(…)]`. Nothing is judged here, and nothing fails: serde's
//! attributes are read by the same code, and serde complains of them itself.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Token};

/// One key of an attribute, as it was written.
pub(crate) struct MetaItem {
    /// `None` if it does not begin with a name.
    pub key: Option<Ident>,
    pub value: MetaValue,
    /// All of it, for an error to stand under.
    pub tokens: TokenStream,
}

pub(crate) enum MetaValue {
    /// `key`
    Bare,
    /// `key = "text"`
    Text(LitStr),
    /// `key(…)`
    List(TokenStream),
    /// A fine beginning, then this, where a comma belongs.
    Crowded(TokenTree),
    Other,
}

/// The items of every `#[name(…)]` among the attributes.
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

/// The items of a list, which is what its brackets hold.
pub(crate) fn in_list(list: &TokenStream) -> Vec<MetaItem> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for token in opened(list.clone()) {
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

/// The tokens, with those of groups without delimiters among them: a `macro_rules!` hands on its fragments as such.
fn opened(tokens: TokenStream) -> Vec<TokenTree> {
    let mut opened = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                opened.extend(self::opened(group.stream()))
            }
            token => opened.push(token),
        }
    }
    opened
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
        self.key.as_ref().is_some_and(|written| written == key)
    }

    pub(crate) fn text(&self) -> Option<&LitStr> {
        match &self.value {
            MetaValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl MetaValue {
    fn of(value: &[TokenTree]) -> Self {
        match value {
            [] => Self::Bare,
            [TokenTree::Ident(stray), ..] => Self::Crowded(stray.clone().into()),
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Self::List(group.stream()),
            [TokenTree::Punct(equals), text, rest @ ..] if equals.as_char() == '=' => match (string(text), rest) {
                (Some(text), []) => Self::Text(text),
                (Some(_), [stray, ..]) => Self::Crowded(stray.clone()),
                (None, _) => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// String literals with commas between them, and nothing else.
pub(crate) fn strings(list: &TokenStream) -> Option<Vec<LitStr>> {
    let parse = Punctuated::<LitStr, Token![,]>::parse_terminated;
    Some(parse.parse2(list.clone()).ok()?.into_iter().collect())
}

/// A string literal, also one that a `macro_rules!` handed on; none with a suffix.
fn string(token: &TokenTree) -> Option<LitStr> {
    syn::parse2(token.to_token_stream()).ok().filter(|text: &LitStr| text.suffix().is_empty())
}
