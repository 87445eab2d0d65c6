//! serde's attributes, as far as they decide what is serialized and under which names. All others are ignored.

use proc_macro2::{Ident, Span};
use syn::{Attribute, LitStr};

use crate::attr::case::Case;
use crate::attr::meta_item::{MetaItem, MetaValue, in_list, items};

/// serde's attributes of a struct or an enum.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub rename_all: RenameRule,
    /// The `rename_all` for the fields of an enum's variants.
    pub rename_all_fields: RenameRule,
    /// The key `transparent`.
    pub transparent: Option<Ident>,
    /// The name under which serde writes the name of the struct or of the variant.
    pub tag: Option<LitStr>,
    /// The name under which serde writes the content of a variant.
    pub content: Option<LitStr>,
    /// Variants are serialized without their names.
    pub untagged: bool,
    /// The type that is serialized instead of this one.
    pub into: Option<LitStr>,
    /// The type describes another type, and is never serialized itself.
    pub remote: bool,
    /// serde rejects one of these attributes.
    pub rejected: bool,
}

/// serde's attributes of a variant.
#[derive(Default)]
pub(crate) struct VariantAttrs {
    pub rename: Option<LitStr>,
    pub rename_all: RenameRule,
    pub skipped: bool,
    pub untagged: bool,
    /// The content has a `with` or `serialize_with`.
    pub custom_serializer: bool,
    /// serde rejects one of these attributes.
    pub rejected: bool,
}

/// serde's attributes of a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub rename: Option<LitStr>,
    pub skipped: bool,
    pub flatten: bool,
    /// The key `skip_serializing_if`.
    pub skip_serializing_if: Option<Ident>,
    /// The field has a `with` or `serialize_with`, other than `teleflow::sensitive`.
    pub custom_serializer: bool,
    /// The custom serializer is `teleflow::as_string`.
    pub as_string: bool,
    /// The key `serialize_with` names `teleflow::sensitive`, which serializes the value as its type does.
    pub sensitive: Option<Span>,
    /// serde rejects one of these attributes.
    pub rejected: bool,
}

/// How names are changed that have no `rename`.
#[derive(Clone, Copy, Default)]
pub(crate) enum RenameRule {
    #[default]
    None,
    Case(Case),
    /// Not a case that serde has: serde rejects it, too.
    Invalid,
}

/// serde's keys for containers, variants and fields, in alphabetical order.
const CONTAINER_KEYS: &str = "bound content crate default deny_unknown_fields expecting field_identifier from into \
    remote rename rename_all rename_all_fields tag transparent try_from untagged variant_identifier";
const VARIANT_KEYS: &str = "alias bound borrow deserialize_with other rename rename_all serialize_with skip \
    skip_deserializing skip_serializing untagged with";
const FIELD_KEYS: &str = "alias borrow bound default deserialize_with flatten getter rename serialize_with skip \
    skip_deserializing skip_serializing skip_serializing_if with";

/// Whether serde rejects the item. Mistakes inside values are not detected.
fn is_rejected(item: &MetaItem, keys: &str) -> bool {
    let is_valid = |key: &Ident| keys.split_whitespace().any(|valid| key == valid);
    matches!(item.value, MetaValue::MissingComma(_)) || item.key.as_ref().is_some_and(|key| !is_valid(key))
}

impl ContainerAttrs {
    pub(crate) fn from_attributes(attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        for item in items(attributes, "serde") {
            attrs.rejected |= is_rejected(&item, CONTAINER_KEYS);
            if item.is("rename_all") {
                attrs.rename_all = RenameRule::from_item(&item).unwrap_or(attrs.rename_all);
            } else if item.is("rename_all_fields") {
                attrs.rename_all_fields = RenameRule::from_item(&item).unwrap_or(attrs.rename_all_fields);
            } else if item.is("transparent") {
                attrs.transparent = item.key;
            } else if item.is("tag") {
                attrs.tag = item.text().cloned();
            } else if item.is("into") {
                attrs.into = item.text().cloned();
            } else if item.is("content") {
                attrs.content = item.text().cloned();
            } else if item.is("untagged") {
                attrs.untagged = true;
            } else if item.is("remote") {
                attrs.remote = true;
            }
        }
        attrs
    }
}

impl VariantAttrs {
    pub(crate) fn from_attributes(attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        for item in items(attributes, "serde") {
            attrs.rejected |= is_rejected(&item, VARIANT_KEYS);
            if item.is("rename") {
                attrs.rename = for_serializing(&item).or(attrs.rename);
            } else if item.is("rename_all") {
                attrs.rename_all = RenameRule::from_item(&item).unwrap_or(attrs.rename_all);
            } else if item.is("skip") || item.is("skip_serializing") {
                attrs.skipped = true;
            } else if item.is("untagged") {
                attrs.untagged = true;
            } else if item.is("with") || item.is("serialize_with") {
                attrs.custom_serializer = true;
            }
        }
        attrs
    }
}

impl FieldAttrs {
    pub(crate) fn from_attributes(attributes: &[Attribute]) -> Self {
        let mut attrs = Self::default();
        for item in items(attributes, "serde") {
            attrs.rejected |= is_rejected(&item, FIELD_KEYS);
            if item.is("rename") {
                attrs.rename = for_serializing(&item).or(attrs.rename);
            } else if item.is("skip") || item.is("skip_serializing") {
                attrs.skipped = true;
            } else if item.is("flatten") {
                attrs.flatten = true;
            } else if item.is("skip_serializing_if") {
                attrs.skip_serializing_if = item.key;
            } else if item.is("with") || item.is("serialize_with") {
                let path = item.text();
                attrs.sensitive = path.filter(|path| item.is("serialize_with") && is_sensitive(path)).map(LitStr::span);
                attrs.custom_serializer = attrs.sensitive.is_none();
                attrs.as_string = path.is_some_and(is_as_string);
            }
        }
        attrs
    }
}

/// `teleflow::as_string`, or the `serialize` in it.
fn is_as_string(path: &LitStr) -> bool {
    without_whitespace(path).trim_start_matches("::").trim_end_matches("::serialize") == "teleflow::as_string"
}

/// `teleflow::sensitive`, also if another crate re-exports the library.
fn is_sensitive(path: &LitStr) -> bool {
    format!("::{}", without_whitespace(path)).ends_with("::teleflow::sensitive")
}

fn without_whitespace(path: &LitStr) -> String {
    path.value().split_whitespace().collect()
}

impl RenameRule {
    fn from_item(item: &MetaItem) -> Option<Self> {
        Some(Case::from_name(&for_serializing(item)?.value()).map_or(Self::Invalid, Self::Case))
    }

    /// Returns this rule, or `other` if there is none.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::None => other,
            rule => rule,
        }
    }
}

/// The value that applies when serde serializes: `key = "…"` or `key(serialize = "…")`.
fn for_serializing(item: &MetaItem) -> Option<LitStr> {
    match &item.value {
        MetaValue::String(text) => Some(text.clone()),
        MetaValue::List(list) => {
            in_list(list).iter().find(|item| item.is("serialize")).and_then(MetaItem::text).cloned()
        }
        _ => None,
    }
}
