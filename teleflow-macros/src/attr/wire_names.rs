//! The names that serde writes into a JSON object, and the errors that every such name can have.
//!
//! A wire name follows from serde's `rename`, `rename_all`, `rename_all_fields`, `tag` and `skip`.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Error, LitStr};
use teleflow_catalog::server_facts::ReservedKey;

use crate::attr::serde_attrs::{ContainerAttrs, FieldAttrs, RenameRule, VariantAttrs};
use crate::errors::Errors;
use crate::tokens::text::quoted_name;

/// How to rename a field or a variant.
pub(crate) const RENAME: &str = "rename it with `#[serde(rename = \"…\")]`";
/// How to rename what serde's `tag` names.
pub(crate) const RENAME_TAG: &str = "choose another name for the `tag`";
/// How to rename what serde's `content` names.
pub(crate) const RENAME_CONTENT: &str = "choose another name for the `content`";

/// A field with serde's attributes.
pub(crate) trait SerdeField {
    /// `None` for a field of a tuple.
    fn ident(&self) -> Option<&Ident>;
    fn serde(&self) -> &FieldAttrs;
}

/// A name in the object that serde writes for a struct or a variant.
pub(crate) struct WireName<'a, F> {
    pub name: String,
    /// Where the author chose the name: the identifier or the string in the attribute.
    pub span: Span,
    /// The field with this name; `None` for serde's `tag`.
    pub field: Option<&'a F>,
}

/// Returns the names that serde writes itself, in its order; those of flattened fields are unknown.
///
/// `None` if serde rejects `rename_all`.
pub(crate) fn wire_names<'a, F: SerdeField>(
    tag: Option<&LitStr>,
    fields: &'a [F],
    rename_all: RenameRule,
) -> Option<Vec<WireName<'a, F>>> {
    let tag = tag.map(|tag| Some(WireName { name: tag.value(), span: tag.span(), field: None }));
    let sent = fields.iter().filter(|field| !field.serde().skipped && !field.serde().flatten);
    let fields = sent.map(|field| {
        let name = field_name(field, rename_all)?;
        Some(WireName { name: name.value(), span: name.span(), field: Some(field) })
    });
    tag.into_iter().chain(fields).collect()
}

/// The name under which serde writes a field, whether or not the field is skipped.
pub(crate) fn field_name<F: SerdeField>(field: &F, rename_all: RenameRule) -> Option<LitStr> {
    name(field.ident(), field.serde().rename.as_ref(), |ident| match rename_all {
        RenameRule::None => Some(ident.to_owned()),
        RenameRule::Case(case) => Some(case.apply_to_field(ident)),
        RenameRule::Invalid => None,
    })
}

/// The name that serde writes for a variant.
pub(crate) fn variant_name(ident: &Ident, variant: &VariantAttrs, container: &ContainerAttrs) -> Option<LitStr> {
    name(Some(ident), variant.rename.as_ref(), |ident| match container.rename_all {
        RenameRule::None => Some(ident.to_owned()),
        RenameRule::Case(case) => Some(case.apply_to_variant(ident)),
        RenameRule::Invalid => None,
    })
}

/// The rule by which the fields of a variant are renamed.
pub(crate) fn variant_rename_all(variant: &VariantAttrs, container: &ContainerAttrs) -> RenameRule {
    variant.rename_all.or(container.rename_all_fields)
}

fn name(ident: Option<&Ident>, rename: Option<&LitStr>, apply: impl Fn(&str) -> Option<String>) -> Option<LitStr> {
    if let Some(rename) = rename {
        return Some(rename.clone());
    }
    let ident = ident?;
    Some(LitStr::new(&apply(&ident.unraw().to_string())?, ident.span()))
}

/// Reports duplicate names and reserved keys.
pub(crate) fn check_names<F: SerdeField>(names: &[WireName<'_, F>], errors: &mut Errors) {
    check_duplicates(names, errors);
    for name in names {
        name.check_reserved_key(errors);
    }
}

/// Reports names that occur twice.
pub(crate) fn check_duplicates<F: SerdeField>(names: &[WireName<'_, F>], errors: &mut Errors) {
    for (index, name) in names.iter().enumerate() {
        // The last of those before, so that each of three duplicates names another field.
        if let Some(before) = names.iter().take(index).rev().find(|before| before.name == name.name) {
            let message = format!(
                "{} and {} are both sent as {}; rename one of them with `#[serde(rename = \"…\")]`",
                before.origin(),
                name.origin(),
                quoted_name(&name.name),
            );
            errors.push(Error::new(name.span, message));
        }
    }
}

/// Reports a key that the server does not keep. `advice`: how to rename it.
pub(crate) fn check_reserved_key(name: &str, span: Span, advice: &str, errors: &mut Errors) {
    if let Some(reserved) = ReservedKey::of(name) {
        let message = format!("{} is a reserved key: {}; {advice}", quoted_name(name), reserved.consequence());
        errors.push(Error::new(span, message));
    }
}

impl<F: SerdeField> WireName<'_, F> {
    /// The field, in words.
    fn origin(&self) -> String {
        match self.field.and_then(SerdeField::ident) {
            Some(ident) => format!("`{}`", ident.unraw()),
            None => "serde's `tag`".to_owned(),
        }
    }

    /// Reports the name if it is a reserved key.
    pub(crate) fn check_reserved_key(&self, errors: &mut Errors) {
        check_reserved_key(&self.name, self.span, self.how_to_rename(), errors);
    }

    pub(crate) fn how_to_rename(&self) -> &'static str {
        match self.field {
            Some(_) => RENAME,
            None => RENAME_TAG,
        }
    }
}
