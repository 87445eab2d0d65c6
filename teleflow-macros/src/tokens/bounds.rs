//! Where-clauses. Only types that name a parameter get a bound: without a bound, the compiler reports the error at the
//! declaration of the struct, not at its uses. A bound names a public trait where there is one, since the compiler prints it.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Generics, Type, WhereClause, parse_quote};

/// The bounds of an impl: those of the struct, and those that generated code requires.
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

    /// Adds a bound on the struct itself.
    pub(crate) fn require_of_self(&mut self, bound: TokenStream) {
        if self.generics.type_params().next().is_some() {
            self.require(&parse_quote!(Self), bound);
        }
    }

    /// Adds a bound on the type, if it names a parameter.
    pub(crate) fn require(&mut self, ty: &Type, bound: TokenStream) {
        if !is_generic(ty, self.generics) {
            return;
        }
        let clause = self.clause.get_or_insert_with(|| parse_quote!(where));
        clause.predicates.push(parse_quote!(#ty: #bound));
    }
}

/// Whether the type names a type or const parameter.
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
