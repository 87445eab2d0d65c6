//! What serde's attributes say about the names it writes. Those that say nothing about names are passed over.

use proc_macro2::Ident;
use syn::{Attribute, LitStr};

use crate::attr::case::Case;
use crate::attr::meta_item::{MetaItem, MetaValue, in_list, items};

/// serde's attributes of the struct, or of the enum.
#[derive(Default)]
pub(crate) struct OnStruct {
    pub rename_all: Rule,
    /// The same for the fields of an enum's variants.
    pub rename_all_fields: Rule,
    /// `transparent`, where it stands.
    pub transparent: Option<Ident>,
    /// The name under which serde writes the struct's own.
    pub tag: Option<LitStr>,
    /// The name under which serde writes what an enum's variant holds.
    pub content: Option<LitStr>,
    /// An enum's variants are written without their names.
    pub untagged: bool,
    /// The type that is written in the place of this one.
    pub into: Option<LitStr>,
    /// It is written in the place of another type, and never by itself.
    pub remote: bool,
    /// serde refuses one of these attributes.
    pub refused: bool,
}

/// How fields are renamed where they say nothing themselves.
#[derive(Clone, Copy, Default)]
pub(crate) enum Rule {
    #[default]
    Untouched,
    Case(Case),
    /// One that serde refuses, too.
    Unknown,
}

/// serde's attributes of a variant.
#[derive(Default)]
pub(crate) struct OnVariant {
    pub rename: Option<LitStr>,
    pub rename_all: Rule,
    pub skipped: bool,
    pub untagged: bool,
    /// Something else than the fields' `Serialize` writes what it holds.
    pub with: bool,
    /// serde refuses one of these attributes.
    pub refused: bool,
}

/// serde's attributes of a field.
#[derive(Default)]
pub(crate) struct OnField {
    pub rename: Option<LitStr>,
    pub skipped: bool,
    pub flatten: bool,
    /// Where it is said that the field may be left out.
    pub perhaps: Option<Ident>,
    /// Something else than the type's `Serialize` writes it.
    pub with: bool,
    /// And that is `teleflow::as_string`.
    pub as_string: bool,
    /// serde refuses one of these attributes.
    pub refused: bool,
}

/// The attributes of a container, of a variant, and of a field, in alphabetical order.
const OF_STRUCT: &str = "bound content crate default deny_unknown_fields expecting field_identifier from into remote \
    rename rename_all rename_all_fields tag transparent try_from untagged variant_identifier";
const OF_VARIANT: &str = "alias bound borrow deserialize_with other rename rename_all serialize_with skip \
    skip_deserializing skip_serializing untagged with";
const OF_FIELD: &str = "alias borrow bound default deserialize_with flatten getter rename serialize_with skip \
    skip_deserializing skip_serializing skip_serializing_if with";

/// Does serde refuse it, as far as that can be seen without reading all that serde reads?
fn is_refused(item: &MetaItem, known: &str) -> bool {
    let is_known = |key: &Ident| known.split_whitespace().any(|known| key == known);
    matches!(item.value, MetaValue::MissingComma(_)) || item.key.as_ref().is_some_and(|key| !is_known(key))
}

pub(crate) fn on_struct(attrs: &[Attribute]) -> OnStruct {
    let mut read = OnStruct::default();
    for item in items(attrs, "serde") {
        read.refused |= is_refused(&item, OF_STRUCT);
        if item.is("rename_all") {
            read.rename_all = Rule::of(&item).unwrap_or(read.rename_all);
        } else if item.is("rename_all_fields") {
            read.rename_all_fields = Rule::of(&item).unwrap_or(read.rename_all_fields);
        } else if item.is("transparent") {
            read.transparent = item.key;
        } else if item.is("tag") {
            read.tag = item.text().cloned();
        } else if item.is("into") {
            read.into = item.text().cloned();
        } else if item.is("content") {
            read.content = item.text().cloned();
        } else if item.is("untagged") {
            read.untagged = true;
        } else if item.is("remote") {
            read.remote = true;
        }
    }
    read
}

pub(crate) fn on_variant(attrs: &[Attribute]) -> OnVariant {
    let mut read = OnVariant::default();
    for item in items(attrs, "serde") {
        read.refused |= is_refused(&item, OF_VARIANT);
        if item.is("rename") {
            read.rename = written(&item).or(read.rename);
        } else if item.is("rename_all") {
            read.rename_all = Rule::of(&item).unwrap_or(read.rename_all);
        } else if item.is("skip") || item.is("skip_serializing") {
            read.skipped = true;
        } else if item.is("untagged") {
            read.untagged = true;
        } else if item.is("with") || item.is("serialize_with") {
            read.with = true;
        }
    }
    read
}

pub(crate) fn on_field(attrs: &[Attribute]) -> OnField {
    let mut read = OnField::default();
    for item in items(attrs, "serde") {
        read.refused |= is_refused(&item, OF_FIELD);
        if item.is("rename") {
            read.rename = written(&item).or(read.rename);
        } else if item.is("skip") || item.is("skip_serializing") {
            read.skipped = true;
        } else if item.is("flatten") {
            read.flatten = true;
        } else if item.is("skip_serializing_if") {
            read.perhaps = item.key;
        } else if item.is("with") || item.is("serialize_with") {
            read.with = true;
            read.as_string = item.text().is_some_and(is_as_string);
        }
    }
    read
}

/// `teleflow::as_string`, or the `serialize` in it.
fn is_as_string(path: &LitStr) -> bool {
    let path: String = path.value().split_whitespace().collect();
    let path = path.trim_start_matches("::").trim_end_matches("::serialize");
    path == "teleflow::as_string"
}

impl Rule {
    fn of(item: &MetaItem) -> Option<Self> {
        Some(Case::named(&written(item)?.value()).map_or(Self::Unknown, Self::Case))
    }

    /// This rule, or where it says nothing, the other.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::Untouched => other,
            rule => rule,
        }
    }
}

/// `key = "…"` or `key(serialize = "…")`: what holds where serde writes.
fn written(item: &MetaItem) -> Option<LitStr> {
    match &item.value {
        MetaValue::String(text) => Some(text.clone()),
        MetaValue::List(list) => {
            in_list(list).iter().find(|item| item.is("serialize")).and_then(MetaItem::text).cloned()
        }
        _ => None,
    }
}
