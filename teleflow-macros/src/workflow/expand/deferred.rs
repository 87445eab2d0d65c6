//! Deferred checks → constants, whose evaluation is the check.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Type;
use teleflow_catalog::rules::{Rule, Shape, TypeCheck};

use super::nested::{TypePath, TypeTable, assertion, nameable_in_constant, row, string_literal};
use crate::syntactic_type::SyntacticType;
use crate::tokens::generated::{nullability_of, parse_generated};
use crate::tokens::span::respan;
use crate::workflow::model::{CatalogChecks, CheckedWorkflow, DeferredCheck, Subject};
use crate::workflow::requirement::Node;

/// A constant for each check, so that each reports its own error.
pub(super) fn expand(workflow: &CheckedWorkflow<'_>, catalog: &CatalogChecks) -> Option<TokenStream> {
    let constants: Vec<TokenStream> = catalog.deferred.iter().map(|check| constant(check, workflow)).collect();
    let (trigger, file) = (&catalog.file.workflow.trigger, &catalog.file.display_path);
    (!constants.is_empty()).then(|| {
        quote! {
            use __teleflow::TeleflowPayload as __TeleflowPayload;
            const __TELEFLOW_WORKFLOW: &__teleflow::WorkflowRef<'static> =
                &__teleflow::WorkflowRef { trigger: #trigger, file: #file };
            #(#constants)*
        }
    })
}

fn constant(check: &DeferredCheck, workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let span = check.span;
    let body = match &check.subject {
        Subject::Field { variable, ty } => field(&variable.root(), ty, span, workflow),
        Subject::Kind { variable, ty, shape } => kind(&variable.root(), ty, *shape, span, workflow),
        Subject::Flattened { variable, types, type_name, if_optional } => {
            let types = Aliases::new(types, span.0, workflow);
            let advice = [type_name.as_str(), if_optional];
            flattened(&variable.root(), &types, advice, span)
        }
        Subject::AllowedFields { types, names } => allowed_fields(&Aliases::new(types, span.0, workflow), names, span),
    };
    quote!(const _: () = { #body };)
}

fn field(root: &Node<'_>, ty: &Type, span: (Span, Span), workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let mut table = TypeTable::default();
    table.add_root(root, &TypePath::alias("__Teleflow0"), &SyntacticType::of(ty));
    let (ty, checks) = (nameable_in_constant(ty, workflow), table.expand(span));
    quote!(type __Teleflow0 = #ty; #checks)
}

fn kind(root: &Node<'_>, ty: &Type, shape: Shape, span: (Span, Span), workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let optional = nullability_of(&nameable_in_constant(ty, workflow));
    let shape = shape.as_str();
    let type_info = format!("__teleflow::type_of_shape(__teleflow::Shape::{shape}, __TELEFLOW_OPTIONAL)");
    let check = TypeCheck { type_index: 0, rule: Rule::Value(root.requirement()) };
    let assertion = assertion("assert_compatible", &format!("&[{}]", row(&check)), &type_info, span);
    quote!(const __TELEFLOW_OPTIONAL: ::core::primitive::bool = #optional; #assertion)
}

/// The types of flattened fields, or of serde's `into`, by an alias for each.
struct Aliases {
    declarations: TokenStream,
    types: Vec<TypePath>,
}

impl Aliases {
    fn new(types: &[Type], span: Span, workflow: &CheckedWorkflow<'_>) -> Self {
        let mut aliases = Self { declarations: TokenStream::new(), types: Vec::new() };
        for (index, ty) in types.iter().enumerate() {
            let alias = format_ident!("__TeleflowIn{index}", span = span);
            let ty = nameable_in_constant(ty, workflow);
            aliases.declarations.extend(quote!(type #alias = #ty;));
            aliases.types.push(TypePath::alias(alias.to_string()));
        }
        aliases
    }
}

/// The types have only these fields.
fn allowed_fields(aliases: &Aliases, names: &[String], span: (Span, Span)) -> TokenStream {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut table = TypeTable::default();
    for ty in &aliases.types {
        let index = table.add_type(ty);
        table.add_check(index, Rule::AllowedFields { path: "", names: &names });
    }
    let (declarations, checks) = (&aliases.declarations, table.expand(span));
    quote!(#declarations #checks)
}

/// One of the types has the variable as a field, and that field is compatible.
fn flattened(root: &Node<'_>, aliases: &Aliases, advice: [&str; 2], span: (Span, Span)) -> TokenStream {
    let code = |text: &str| respan(parse_generated(text), span.0);
    let mut inside = TokenStream::new();
    if root.has_lists() || !root.children().is_empty() {
        for ty in &aliases.types {
            // Only one of the types has the variable.
            let name = string_literal(root.name);
            let has_variable = code(&format!("__teleflow::has_field({}.fields, {name})", ty.type_info()));
            let path = code(&format!("type __TeleflowPath = {};", ty.path_to_field(root.name)));
            let field_type = TypePath { alias: ty.alias.clone(), path: Some("__TeleflowPath".to_owned()) };
            let mut table = TypeTable::default();
            table.add_inside(root, &field_type);
            let checks = table.expand(span);
            inside.extend(quote!(if #has_variable { #path #checks }));
        }
    }
    let check = TypeCheck { type_index: 0, rule: Rule::Field(root.requirement()) };
    let [type_name, if_optional] = advice.map(string_literal);
    let arguments = format!("{}, {type_name}, {if_optional}", row(&check));
    let types: Vec<String> = aliases.types.iter().map(TypePath::type_info).collect();
    let assertion = assertion("assert_flattened_compatible", &arguments, &types.join(","), span);
    let declarations = &aliases.declarations;
    quote!(#declarations #assertion #inside)
}
