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

    /// A bound on the struct itself.
    pub(crate) fn require_of_self(&mut self, bound: TokenStream) {
        if self.generics.type_params().next().is_some() {
            self.require(&parse_quote!(Self), bound);
        }
    }

    pub(crate) fn require(&mut self, ty: &Type, bound: TokenStream) {
        if !is_generic(ty, self.generics) {
            return;
        }
        let clause = self.clause.get_or_insert_with(|| parse_quote!(where));
        clause.predicates.push(parse_quote!(#ty: #bound));
    }
}

/// Does a parameter, of types or constants, stand in it?
pub(crate) fn is_generic(ty: &Type, generics: &Generics) -> bool {
    let has_parameters = generics.type_params().next().is_some() || generics.const_params().next().is_some();
    has_parameters && names_parameter(ty.to_token_stream(), generics)
}

fn names_parameter(ty: TokenStream, generics: &Generics) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Group(group) => names_parameter(group.stream(), generics),
        TokenTree::Ident(name) => {
            let types = generics.type_params().map(|parameter| &parameter.ident);
            let constants = generics.const_params().map(|parameter| &parameter.ident);
            name == "Self" || types.chain(constants).any(|parameter| name == *parameter)
        }
        _ => false,
    })
}
