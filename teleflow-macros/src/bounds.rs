//! Where-clauses. A bound is written down only for what is generic: of any other type it is an error
//! where the type is declared, and not where it is used. It names traits that users know, where there are such,
//! since the compiler shows them to whom it refuses a use.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Generics, Type, WhereClause, parse_quote};

/// The bounds of an impl: the struct's own, and what generated code requires of its types.
pub(crate) struct Bounds<'a> {
    generics: &'a Generics,
    clause: Option<WhereClause>,
}

impl<'a> Bounds<'a> {
    pub(crate) fn new(generics: &'a Generics) -> Self {
        Self { generics, clause: generics.where_clause.clone() }
    }

    pub(crate) fn where_clause(&self) -> Option<WhereClause> {
        self.clause.clone()
    }

    pub(crate) fn require(&mut self, ty: &Type, bound: TokenStream) {
        if !self.is_generic(ty.to_token_stream()) {
            return;
        }
        let clause = self.clause.get_or_insert_with(|| parse_quote!(where));
        clause.predicates.push(parse_quote!(#ty: #bound));
    }

    /// Does a type parameter stand in it?
    pub(crate) fn is_generic(&self, ty: TokenStream) -> bool {
        ty.into_iter().any(|token| match token {
            TokenTree::Group(group) => self.is_generic(group.stream()),
            TokenTree::Ident(name) => {
                let mut parameters = self.generics.type_params().map(|parameter| &parameter.ident);
                parameters.any(|parameter| name == *parameter || name == "Self")
            }
            _ => false,
        })
    }
}
